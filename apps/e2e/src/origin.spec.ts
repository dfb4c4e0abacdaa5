import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Server } from './harness.ts';

let server: Server;
beforeAll(async () => {
  server = await Server.start();
});
afterAll(() => server.stop());

/** `fetch` does not let a caller set Host. */
const statusWith = (headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    request(`${server.url}/v1/documents`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

describe('without keys', () => {
  it('requests from this machine are served', async () => {
    expect(await statusWith({})).toBe(200);
    expect(await statusWith({ host: 'localhost:8080', origin: 'http://localhost:8080' })).toBe(200);
  });

  it('a foreign Host (DNS rebinding) or Origin (another site in the browser) is refused', async () => {
    expect(await statusWith({ host: 'evil.example' })).toBe(403);
    expect(await statusWith({ origin: 'https://evil.example' })).toBe(403);
    expect(await statusWith({ origin: 'null' })).toBe(403);
  });
});
