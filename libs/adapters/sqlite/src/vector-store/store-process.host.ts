import type { HostReply, HostRequest } from './store-process.ts';
import { SqliteVectorStore } from './vector-store.ts';

/** The child process of `store-process.ts`: a store that its parent calls, and kills. */
const [, , entry, file] = process.argv;
const store = SqliteVectorStore.open({ entry: new URL(entry!), file: file! });

process.on('message', ({ id, method, args }: HostRequest) => {
  const run = async (): Promise<unknown> => {
    const open = await store;
    return (open[method] as (...args: unknown[]) => unknown).apply(open, args);
  };
  run().then(
    (value) => reply({ id, value }),
    (error: unknown) => reply({ id, error: String(error), code: (error as { code?: string }).code }),
  );
});

function reply(message: HostReply): void {
  process.send!(message);
}
