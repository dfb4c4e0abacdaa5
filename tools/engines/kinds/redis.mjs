import { mkdir } from 'node:fs/promises';
import { askPort } from '../ask-port.mjs';
import { find, need } from '../programs.mjs';

/** Debian's Redis, as BullMQ wants it: nothing evicted, every write in the append-only file. */
export const redis = /** @type {import('../kinds.mjs').Kind} */ ({
  name: 'redis',
  title: 'Redis',
  port: 26_379,

  provisioned: () => program() !== undefined,

  provision: async (_place, report) => void (program() ?? (await need('redis-server', report))),

  prepare: async ({ data }) => void (await mkdir(data, { recursive: true })),

  command: ({ data, port }) => ({
    command: program() ?? 'redis-server',
    args: ['--bind', '127.0.0.1', ...settings(port, data)],
  }),

  /** While it reads its file it says LOADING. */
  ready: async ({ port }) => {
    const answer = String(await askPort(port, 'PING\r\n'));
    if (!answer.startsWith('+PONG')) throw new Error(answer.trim());
  },

  coordinates: ({ port }) => ({ url: `redis://127.0.0.1:${port}` }),

  image: {
    command: ({ port, data }) => ({
      args: ['redis-server', '--protected-mode', 'no', ...settings(port, data)],
    }),
  },
});

const settings = (port, data) => [
  ...['--port', String(port), '--dir', data, '--daemonize', 'no'],
  ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
  ...['--maxmemory-policy', 'noeviction'],
];

const program = () => find('redis-server') ?? find('valkey-server');
