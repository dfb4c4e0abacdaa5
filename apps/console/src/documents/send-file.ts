import { call } from '../api/client.ts';
import { messageOf, Problem } from '../api/problem.ts';
import { upload } from '../api/upload.ts';
import { documentIdOf } from './document-id.ts';
import { isSettled, type Upload } from './uploads.ts';

/** A file with the path it had in the folder that was dropped. */
export interface Sendable {
  readonly file: File;
  readonly path: string;
}

type Report = (to: Partial<Upload>) => void;

/** Times that a busy server is asked again. */
const mostTries = 8;
/** Seconds that one question about the state may stay open. */
const longPollSeconds = 20;

/** Sends a file and follows it to its final state. Never rejects: what goes wrong is the file's reason. */
export async function sendFile({ file, path }: Sendable, report: Report, onSent: () => void): Promise<void> {
  try {
    const id = await documentIdOf(path);
    const accepted = await patiently(() =>
      upload(file, file.name, id, (share) => report({ state: 'sending', share })),
    );
    report({ state: accepted.state, share: 1, id: accepted.id });
    onSent();
    await follow(accepted.id, accepted.version, report);
  } catch (error) {
    report({ state: 'refused', reason: messageOf(error) });
  }
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await work();
    } catch (error) {
      const wait =
        error instanceof Problem && busy.has(error.code ?? '') ? (error.retryAfter ?? 2) : undefined;
      if (wait === undefined || tries === mostTries) throw error;
      await pause(wait * 1000);
    }
}

const busy: ReadonlySet<string> = new Set(['queue_full', 'rate_limited', 'shutting_down']);

async function follow(id: string, version: number, report: Report): Promise<void> {
  for (;;) {
    const query = { wait: 'indexed', timeout: longPollSeconds } as const;
    const status = await patiently(() => call('getDocument', { id, query }));
    if (status.version < version) continue;
    report({ state: status.state, ...(status.reason && { reason: status.reason.message }) });
    if (isSettled(status.state)) return;
    await pause(500);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
