import { MillraceError } from '@millrace/contracts';
import { loadTokenizer } from '@millrace/text';
import { readDocument } from '../read-document.ts';
import { toWire, type ChildMessage, type ParseReply, type ParseRequest } from './protocol.ts';

/** The child's side: answers each request, and ends with its parent. */
export async function serve(): Promise<void> {
  process.on('disconnect', () => process.exit(0));
  // Signals to the whole process group (Ctrl-C) are the parent's to act on: it closes us when it has drained.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('message', (request: ParseRequest) => void answer(request).then(send));
  await loadTokenizer();
  send({ kind: 'ready' });
}

/** That the parent is gone is told by `disconnect`. */
const send = (message: ChildMessage): void =>
  void process.send?.(message, undefined, undefined, () => undefined);

async function answer({ source, limits, chunking }: ParseRequest): Promise<ParseReply> {
  try {
    const document = toWire(await readDocument(source, limits, chunking));
    return { kind: 'parsed', document, rssBytes: process.memoryUsage.rss() };
  } catch (error) {
    const { code, detail } = MillraceError.from(error);
    return { kind: 'failed', code, detail, rssBytes: process.memoryUsage.rss() };
  }
}
