import type { LogRecord } from '@millrace/ports';

/** Far more than come again at a time; one that is forgotten gets the same letter once more. */
const remembered = 1_000;

/** Records that have their letter: handed over again with those that came along, when one of these failed. */
export class RecordsGivenUp {
  private readonly names = new Set<string>();

  /** Once its letter is written, not before: else a letter that fails would lose the record. */
  add(record: LogRecord): void {
    this.names.add(nameOf(record));
    if (this.names.size > remembered) this.names.delete(this.names.keys().next().value!);
  }

  has(record: LogRecord): boolean {
    return this.names.has(nameOf(record));
  }
}

/** With its time: in a topic that was made anew the offsets begin again. */
const nameOf = ({ topic, partition, offset, timestamp }: LogRecord): string =>
  `${topic}/${partition}/${offset}/${timestamp}`;
