import { mkdir } from 'node:fs/promises';
import { Stop } from '../toolchain/stop.mjs';
import { fetchWith, isInstalled } from './fetching.mjs';

/** Debian's Redis, as BullMQ wants it: nothing evicted, every write in the append-only file. */
export const redis = /** @type {import('./kinds.mjs').Kind} */ ({
  name: 'redis',
  port: 26_379,

  async provision(_place, report) {
    if (await isInstalled('redis-server')) return;
    report('installing redis-server');
    if (process.getuid?.() !== 0) throw new Stop('There is no redis-server: apt-get install redis-server');
    await fetchWith('sh', [
      '-c',
      'apt-get update -qq && apt-get install -y -qq --no-install-recommends redis-server',
    ]);
  },

  prepare: async ({ data }) => void (await mkdir(data, { recursive: true })),

  command: ({ data, port }) => ({
    command: 'redis-server',
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', data, '--daemonize', 'no'],
      ...[
        '--appendonly',
        'yes',
        '--appendfsync',
        'everysec',
        '--save',
        '',
        '--maxmemory-policy',
        'noeviction',
      ],
    ],
  }),

  coordinates: ({ port }) => ({ url: `redis://127.0.0.1:${port}` }),
});
