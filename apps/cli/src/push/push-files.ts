import { basename } from 'node:path';
import { routes, type FailureReason, type Metadata } from '@millrace/contracts';
import { ApiError, UnreadableFile } from '../errors.ts';
import type { MillraceClient } from '../http/client.ts';
import { fileBlob } from '../http/file-blob.ts';
import { follow } from '../http/follow.ts';
import type { FoundFile } from './find-files.ts';
import { limiter } from './limiter.ts';

export interface PushOptions {
  readonly metadata?: Metadata;
  readonly acl?: readonly string[];
  /** Follow each document to its final state. */
  readonly wait: boolean;
  /** Files sent at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly onChange: (outcome: Outcome) => void;
}

/** What became of a file, or of a folder that cannot be read. `refused`: the server did not take it, nothing of it is there. */
export interface Outcome {
  readonly id: string;
  readonly path: string;
  readonly state: 'accepted' | 'unchanged' | 'indexed' | 'deleted' | 'dead-lettered' | 'refused';
  readonly reason?: FailureReason;
}

/** Documents followed at a time: each is one open request. */
const followed = 16;
/** How long the server may be too busy for one file. */
const patienceMs = 600_000;

/** These concern the file; any other refusal would meet every file. */
const aboutTheFile = new Set([400, 409, 413, 415, 422, 500]);

/** Sends the files and, where asked to, follows each to its final state. Rejects when the server cannot be worked with. */
export async function pushFiles(
  client: MillraceClient,
  files: readonly FoundFile[],
  options: PushOptions,
): Promise<void> {
  const sending = limiter(options.concurrency);
  const following = limiter(followed);
  let failed = false;
  const pushOne = async (file: FoundFile): Promise<void> => {
    const sent = await sending(async () => (failed ? undefined : send(client, file, options)));
    if (!sent) return;
    options.onChange(sent.outcome);
    if (sent.outcome.state === 'accepted' && options.wait)
      options.onChange(await following(() => settle(client, file, sent.version, options.signal)));
  };
  await Promise.all(
    files.map((file) =>
      pushOne(file).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
}

interface Sent {
  readonly outcome: Outcome;
  readonly version: number;
}

async function send(client: MillraceClient, file: FoundFile, options: PushOptions): Promise<Sent> {
  const { id, path } = file;
  try {
    const form = async () => formOf(await fileBlob(path), basename(path), options);
    const { version, state } = await client.call(routes.putDocument, { params: { id }, form, patienceMs });
    return { outcome: { id, path, state: state === 'indexed' ? 'unchanged' : 'accepted' }, version };
  } catch (error) {
    if (error instanceof UnreadableFile)
      return refuse(file, { code: 'unreadable_file', message: error.message });
    if (!(error instanceof ApiError && aboutTheFile.has(error.status))) throw error;
    return refuse(file, { code: error.code, message: error.message });
  }
}

const refuse = ({ id, path }: FoundFile, reason: FailureReason): Sent => ({
  outcome: { id, path, state: 'refused', reason },
  version: 0,
});

function formOf(blob: Blob, name: string, { metadata, acl }: PushOptions): FormData {
  const form = new FormData();
  if (metadata) form.set('metadata', JSON.stringify(metadata));
  if (acl) form.set('acl', JSON.stringify(acl));
  form.set('file', blob, name);
  return form;
}

async function settle(
  client: MillraceClient,
  { id, path }: FoundFile,
  version: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const { state, reason } = await follow(client, { id, version }, 'indexed', signal);
  const final = state as 'indexed' | 'deleted' | 'dead-lettered';
  return { id, path, state: final, ...(reason && { reason }) };
}
