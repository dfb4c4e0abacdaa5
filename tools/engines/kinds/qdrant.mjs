import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Stop } from '../toolchain/stop.mjs';

const shim = new URL('../qdrant-edge/start.mjs', import.meta.url);

/** A Qdrant server where there is one, else Qdrant Edge behind our REST shim. */
export const qdrant = /** @type {import('./kinds.mjs').Kind} */ ({
  name: 'qdrant',
  port: 26_333,

  async provision({ bin }, report) {
    if (!existsSync(fileURLToPath(shim)))
      throw new Stop('no Qdrant server in MILLRACE_QDRANT_URL, and nothing stands in for it yet');
    await (await import(shim.href)).provision(bin, report);
  },

  command: ({ bin, data, port }) => ({
    command: `${bin}/venv/bin/python`,
    args: [fileURLToPath(new URL('server.py', shim)), '--port', String(port), '--data', data],
  }),

  coordinates: ({ port }) => ({ url: `http://127.0.0.1:${port}`, kind: 'edge' }),

  elsewhere() {
    const url = process.env.MILLRACE_QDRANT_URL;
    const apiKey = process.env.MILLRACE_QDRANT_API_KEY;
    return url ? { url, kind: 'server', ...(apiKey && { apiKey }) } : undefined;
  },
});
