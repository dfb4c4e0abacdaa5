import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Stop } from '../toolchain/stop.mjs';
import { fetchWith, isInstalled } from './fetching.mjs';

const source = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';
const bucket = 'millrace';
/** Of a store that only this machine can reach. */
const keys = { accessKey: 'millrace-local', secretKey: 'millrace-local-secret' };

const binary = (bin) => join(bin, 'versitygw');

/** versitygw: an S3 front for a folder, conditional writes included. */
export const s3 = /** @type {import('./kinds.mjs').Kind} */ ({
  name: 's3',
  port: 29_000,

  async provision({ bin }, report) {
    if (existsSync(binary(bin))) return;
    if (!(await isInstalled('go')))
      throw new Stop('versitygw is built with Go: apt-get install golang, 1.24 or newer');
    report('building versitygw (some minutes, once)');
    await mkdir(bin, { recursive: true });
    await fetchWith('go', ['install', source], { env: { ...process.env, GOBIN: bin, CGO_ENABLED: '0' } });
  },

  prepare: async ({ data }) => void (await mkdir(join(data, bucket), { recursive: true })),

  command: ({ bin, data, port }) => ({
    command: binary(bin),
    args: ['--port', `127.0.0.1:${port}`, 'posix', data],
    env: { ROOT_ACCESS_KEY: keys.accessKey, ROOT_SECRET_KEY: keys.secretKey },
  }),

  coordinates: ({ port }) => ({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', bucket, ...keys }),
});
