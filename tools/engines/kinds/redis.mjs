import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { find, need } from '../programs.mjs';

/** Debian's Redis, as BullMQ wants it: nothing evicted, every write in the append-only file. */
export const redis = /** @type {import('../kinds.mjs').Kind} */ ({
  name: 'redis',
  title: 'Redis',
  port: 26_379,

  provision: async (_place, report) => void (program() ?? (await need('redis-server', report))),

  prepare: async ({ data }) => void (await mkdir(data, { recursive: true })),

  command: ({ data, port }) => ({
    command: program() ?? 'redis-server',
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', data, '--daemonize', 'no'],
      ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
      ...['--maxmemory-policy', 'noeviction'],
    ],
  }),

  ready: async ({ port }) => {
    const answer = await ask(port, 'PING\r\n');
    if (!answer.startsWith('+PONG')) throw new Error(answer);
  },

  coordinates: ({ port }) => ({ url: `redis://127.0.0.1:${port}` }),
});

const program = () => find('redis-server') ?? find('valkey-server');

/** While it reads its file it says LOADING. */
async function ask(port, question) {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    socket.write(question);
    const [answer] = await once(socket, 'data');
    return String(answer);
  } finally {
    socket.destroy();
  }
}
