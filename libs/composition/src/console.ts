import fastifyStatic from '@fastify/static';
import type { Composed } from '@millrace/platform';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the built web console at `/`, where it was built. */
export function serveConsole(folder: URL): NonNullable<Composed['extend']> {
  return async (server) => {
    const root = fileURLToPath(folder);
    if (!existsSync(root)) return;
    await server.register(fastifyStatic, {
      root,
      // A route for each file: one for everything would make an unknown route look like a known one.
      wildcard: false,
      cacheControl: false,
      setHeaders: (response) => {
        void response.header('content-security-policy', policy);
        void response.header('x-content-type-options', 'nosniff');
        void response.header('referrer-policy', 'no-referrer');
        void response.header('cache-control', 'no-cache');
      },
    });
  };
}
