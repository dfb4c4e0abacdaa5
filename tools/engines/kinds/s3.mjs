import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Stop } from '../../toolchain/stop.mjs';
import { need, run } from '../programs.mjs';

const release = 'v1.8.0';
const source = `github.com/versity/versitygw/cmd/versitygw@${release}`;
/** The first Go that fetches by itself the newer one that a module asks for. */
const oldestGo = 21;
const bucket = 'millrace';
const region = 'us-east-1';
/** Of a store that only this machine can reach. */
const keys = { accessKey: 'millrace-local-9f1c6f', secretKey: '0a7d2e4b58a3c1d96f30b7e2' };

const folder = (bin) => join(bin, release);
const binary = (bin) => join(folder(bin), 'versitygw');
const health = '/millrace-engines-health';

/** versitygw: an S3 front for a folder, conditional writes included. */
export const s3 = /** @type {import('../kinds.mjs').Kind} */ ({
  name: 's3',
  title: `S3 (versitygw ${release})`,
  port: 29_000,

  provisioned: ({ bin }) => existsSync(binary(bin)),

  async provision({ bin }, report) {
    if (existsSync(binary(bin))) return;
    await need('go', report);
    await refuseOldGo();
    report('building versitygw, two to four minutes, once');
    const env = { ...process.env, GOBIN: folder(bin), CGO_ENABLED: '0', GOFLAGS: '' };
    await run('go', ['install', source], { env, cwd: bin });
  },

  prepare: async ({ data }) => void (await mkdir(data, { recursive: true })),

  command: ({ bin, data, port }) => ({
    command: binary(bin),
    args: settings(`127.0.0.1:${port}`, data),
    env,
  }),

  async ready({ port }) {
    const { ok, status } = await fetch(`http://127.0.0.1:${port}${health}`);
    if (!ok) throw new Error(`status ${status}`);
  },

  async furnish({ data, port }) {
    if (existsSync(join(data, bucket))) return;
    const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
    const credentials = { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey };
    const client = new S3Client({ endpoint: endpoint(port), region, credentials, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket })).finally(() => client.destroy());
  },

  coordinates: ({ port }) => ({ endpoint: endpoint(port), region, bucket, ...keys }),

  image: { command: ({ port, data }) => ({ args: settings(`:${port}`, data), env }) },
});

const env = { ROOT_ACCESS_KEY: keys.accessKey, ROOT_SECRET_KEY: keys.secretKey };

const settings = (address, data) => [
  ...['--port', address, '--region', region, '--health', health],
  // Without it every request has a connection of its own.
  ...['--keep-alive', '--quiet', 'posix', data],
];

const endpoint = (port) => `http://127.0.0.1:${port}`;

async function refuseOldGo() {
  const version = await run('go', ['env', 'GOVERSION']);
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1] ?? oldestGo);
  if (minor < oldestGo)
    throw new Stop(`versitygw is built with Go 1.${oldestGo} or newer; this is ${version.trim()}.`);
}
