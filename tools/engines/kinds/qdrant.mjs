import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Stop } from '../../toolchain/stop.mjs';

const shim = new URL('../../qdrant-edge/start.mjs', import.meta.url);

/** A Qdrant server where there is one, be it in a container, else Qdrant Edge behind our REST shim. */
export const qdrant = /** @type {import('../kinds.mjs').Kind} */ ({
  name: 'qdrant',
  title: 'Qdrant',
  port: 26_333,

  provisioned: async ({ bin }) => (await import(shim.href)).isProvisioned(bin),

  async provision({ bin }, report) {
    if (!existsSync(fileURLToPath(shim)))
      throw new Stop('no Qdrant server in MILLRACE_QDRANT_URL, and nothing stands in for it yet');
    await (await import(shim.href)).provision(bin, report);
  },

  prepare: async ({ data }) => void (await mkdir(data, { recursive: true })),

  command: async ({ bin, port, data }) => (await import(shim.href)).command(bin, port, data),

  async ready(place) {
    const { url, apiKey } = qdrant.elsewhere?.() ?? qdrant.coordinates(place);
    const { ok, status } = await fetch(`${url}/collections`, {
      headers: apiKey ? { 'api-key': apiKey } : {},
    });
    if (!ok) throw new Error(`status ${status}`);
  },

  coordinates: ({ port }) => ({ url: `http://127.0.0.1:${port}`, kind: 'edge' }),

  elsewhere() {
    const url = process.env.MILLRACE_QDRANT_URL?.replace(/\/+$/, '');
    const apiKey = process.env.MILLRACE_QDRANT_API_KEY;
    return url ? { url, kind: 'server', ...(apiKey && { apiKey }) } : undefined;
  },

  image: {
    command: ({ port, data }) => ({
      args: [],
      env: {
        QDRANT__SERVICE__HTTP_PORT: String(port),
        QDRANT__STORAGE__STORAGE_PATH: `${data}/storage`,
        QDRANT__STORAGE__SNAPSHOTS_PATH: `${data}/snapshots`,
        QDRANT__TELEMETRY_DISABLED: 'true',
        QDRANT_INIT_FILE_PATH: `${data}/initialized`,
      },
    }),
    coordinates: ({ port }) => ({ url: `http://127.0.0.1:${port}`, kind: 'server' }),
  },
});
