import { events, type EventData } from '@millrace/contracts';
import type { EventLog, NewRecord } from '@millrace/ports';

/** An event log of which nobody reads but a test: it keeps the records of answers. */
export class RecordingEventLog implements EventLog {
  readonly limits = { maxRecordBytes: 1_000_000 };
  /** By request. */
  readonly answers = new Map<string, EventData<typeof events.answerCompleted>>();

  async ensureTopics(): Promise<void> {}

  async publish(records: readonly NewRecord[]): Promise<void> {
    for (const { topic, value } of records) {
      if (topic !== events.answerCompleted.name) continue;
      const answer = events.answerCompleted.schema.parse(JSON.parse(new TextDecoder().decode(value)));
      this.answers.set(answer.requestId, answer);
    }
  }

  async subscribe() {
    return { close: async () => undefined };
  }

  async lag() {
    return [];
  }

  async oldestWaitingAt() {
    return undefined;
  }

  async healthy(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {}
}
