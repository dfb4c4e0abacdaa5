import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BACK_ENDS, EVENT_LOG } from '@millrace/ports';
import { RecordingEventLog } from './recording-event-log.ts';
import { ScriptedModel } from './scripted-model.ts';

/** Ports in place of the profile's. */
export type OwnPorts = ReadonlyMap<
  symbol,
  { readonly name: string; readonly open: () => Promise<{ readonly value: unknown }> }
>;

interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/** A Millrace of which one sees all that leaves: its language model and its event log are the test's. */
export class ProvenMillrace {
  private constructor(
    readonly url: string,
    readonly model: ScriptedModel,
    readonly log: RecordingEventLog,
    readonly stop: () => Promise<void>,
  ) {}

  /** @param start starts generation, moderation and control in this process with these settings and ports */
  static async start(
    start: (environment: Readonly<Record<string, string>>, own: OwnPorts) => Promise<Running>,
    model = new ScriptedModel(),
  ): Promise<ProvenMillrace> {
    const dataDir = await mkdtemp(join(tmpdir(), 'millrace-leak-'));
    const log = new RecordingEventLog();
    const running = await start(
      {
        ...{ MILLRACE_DATA_DIR: dataDir, MILLRACE_PORT: '0', MILLRACE_LOG_LEVEL: 'silent' },
      },
      new Map([
        [
          BACK_ENDS,
          {
            name: 'back-ends',
            open: async () => ({ value: [{ name: 'scripted', generator: model, weight: 1 }] }),
          },
        ],
        [EVENT_LOG, { name: 'event-log', open: async () => ({ value: log }) }],
      ]),
    );
    return new ProvenMillrace(running.url, model, log, async () => {
      await running.stop();
      await rm(dataDir, { recursive: true });
    });
  }
}
