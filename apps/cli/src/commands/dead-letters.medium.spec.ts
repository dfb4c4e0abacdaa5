import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCli, startCli } from '../testing/built-cli.ts';
import { FakeServer, json, refuse } from '../testing/fake-server.ts';

let server: FakeServer;
let folder: string;

beforeAll(async () => {
  await buildCli();
  server = await FakeServer.start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  server.reset();
  folder = await mkdtemp(join(tmpdir(), 'millrace-letters-'));
  return () => rm(folder, { recursive: true, force: true });
});

const cli = (...args: string[]) => startCli(['--url', server.url, ...args], folder).ended;

describe('dead letters', () => {
  const letter = {
    ...{ id: 'letter', tenant: 'acme', origin: 'documents.v1', key: 'acme/a', attempts: 1 },
    ...{ at: '2026-03-01T09:00:00Z', reason: { code: 'invalid_event', message: 'data.text: no string' } },
  };
  const event = { specversion: '1.0', id: '1', source: '/shop', type: 'millrace.document.upsert.v1' };
  const file = () => join(folder, 'letters.jsonl');
  const lineOf = (text: unknown) => JSON.stringify({ id: 'letter', event: { ...event, data: { text } } });

  it('are saved with their messages, refused while they are wrong, and replayed once they are right', async () => {
    const message = { headers: {}, value: JSON.stringify({ ...event, data: { text: 5 } }) };
    server
      .on('GET', '/v1/admin/dead-letters/letter', (_, response) => json(response, { ...letter, message }))
      .on('GET', '/v1/admin/dead-letters?', (_, response) => json(response, { data: [letter] }))
      .on('POST', '/v1/admin/replay', (_, response) =>
        json(response, { replayed: ['letter'], dry_run: false, until: letter.at, has_more: false }),
      );
    const saved = await cli('dlq', '--code', 'invalid_event', '--save', 'letters.jsonl');
    expect(saved.stdout).toContain('Saved 1 dead letter to letters.jsonl.');
    expect(server.asked[0]).toContain('code=invalid_event');
    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({
      id: 'letter',
      event: { data: { text: 5 } },
    });
    expect((await cli('dlq', '--save', 'letters.jsonl')).stderr).toContain('cannot be written');
    const early = await cli('replay', '--from', 'letters.jsonl');
    expect(early).toMatchObject({ code: 2, stdout: '' });
    expect(early.stderr).toMatch(/1 line not right yet, nothing was sent\.\nline 1: event\.data\.text: /);
    await writeFile(file(), `${lineOf('Barley.')}\n\n`);
    const { code, stdout } = await cli('replay', '--from', 'letters.jsonl');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'letter\nReplayed 1 dead letter.\n' });
    expect(JSON.parse(server.bodies.at(-1)!)).toMatchObject({
      corrections: [{ id: 'letter', event: { data: { text: 'Barley.' } } }],
    });
  });

  it('are named by their lines where these are no letters, or one twice', async () => {
    await writeFile(file(), `\ufeff${lineOf('Barley.')}\n{"id": \n[]\n${lineOf('Wheat.')}\n`);
    const { code, stderr } = await cli('replay', '--from', 'letters.jsonl');
    expect(code).toBe(2);
    expect(stderr.split('\n').slice(0, 4)).toEqual([
      'letters.jsonl: 3 lines not right yet, nothing was sent.',
      'line 2: no JSON object; a letter has one line',
      'line 3: no JSON object; a letter has one line',
      'line 4: the letter of line 1 again',
    ]);
    expect(server.asked).toEqual([]);
  });

  it('that are gone are passed over and told, when saved and when replayed', async () => {
    server
      .on('GET', '/v1/admin/dead-letters/', (_, response) => refuse(response, 404, 'dead_letter_not_found'))
      .on('GET', '/v1/admin/dead-letters?', (_, response) => json(response, { data: [letter] }))
      .on('POST', '/v1/admin/replay', (_, response) =>
        json(response, { replayed: [], gone: ['letter'], dry_run: false, until: letter.at, has_more: false }),
      );
    expect((await cli('dlq', '--save', 'letters.jsonl')).stdout).toContain('Saved 0 dead letters');
    await writeFile(file(), lineOf('Barley.'));
    const { code, stderr } = await cli('replay', '--from', 'letters.jsonl');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '1 line of letters that are not there any more.\n' });
  });

  it('that were corrected are not sent again as they are with all the others', async () => {
    const bodies: Record<string, unknown>[] = [];
    server.on('POST', '/v1/admin/replay', (_, response, body) => {
      bodies.push(JSON.parse(body) as Record<string, unknown>);
      json(response, {
        replayed: [`letter-${bodies.length}`],
        dry_run: false,
        until: letter.at,
        has_more: false,
      });
    });
    await writeFile(file(), lineOf('Barley.'));
    const { stdout } = await cli('replay', '--from', 'letters.jsonl', '--all');
    expect(stdout).toBe('letter-2\nletter-3\nReplayed 2 dead letters.\n');
    expect(bodies.map(({ dry_run }) => dry_run)).toEqual([true, false, false]);
    expect(bodies[2]).toEqual({ until: letter.at, dry_run: false });
  });

  it('are all looked at before the first is sent, and the lines that are refused are named', async () => {
    // One id is a part of what the server says of others.
    const ids = ['letter', ...Array.from({ length: 129 }, (_, n) => `letter-${n + 2}.`)];
    const lines = ids.map((id) => JSON.stringify({ id, event: { ...event, data: { text: 'Barley.' } } }));
    server.on('POST', '/v1/admin/replay', (_, response, body) => {
      const refused = ['letter-120.', 'letter-125.'].find((id) => body.includes(id));
      if (!refused) return json(response, { replayed: [], dry_run: true, until: letter.at, has_more: false });
      json(response, { error: { code: 'invalid_request', message: `letter ${refused}: no` } }, 400);
    });
    await writeFile(file(), lines.join('\n'));
    const { code, stderr } = await cli('replay', '--from', 'letters.jsonl');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /2 lines not right yet, nothing was sent\.\nline 120: letter letter-120.*\nline 125: letter letter-125/,
    );
    expect(server.bodies.filter((body) => !body.includes('"dry_run":true'))).toEqual([]);
  });

  it('may hold any line break of Unicode, and end their lines as on Windows', async () => {
    server.on('POST', '/v1/admin/replay', (_, response) =>
      json(response, { replayed: ['letter'], dry_run: false, until: letter.at, has_more: false }),
    );
    await writeFile(file(), `${lineOf('one\u2028two\u0085three')}\r\n\r\n`);
    expect(await cli('replay', '--from', 'letters.jsonl')).toMatchObject({ code: 0 });
    expect(server.bodies.at(-1)).toContain('one\u2028two\u0085three');
  });

  it('come out of a file, not through a pipe, which can be read only once', async () => {
    const { code, stderr } = await cli('replay', '--from', '/dev/null', '--all');
    expect(code).toBe(2);
    expect(stderr).toContain(
      '/dev/null is no regular file, and is read more than once: write the letters into',
    );
    expect(server.asked).toEqual([]);
  });

  it('are named by their line when they are longer than any request', async () => {
    await writeFile(file(), lineOf('x'.repeat(16 * 1_048_576)));
    const { code, stderr } = await cli('replay', '--from', 'letters.jsonl');
    expect(code).toBe(2);
    expect(stderr).toMatch(/line 1: it has 167\d+ bytes, .* name it as blob/);
  });

  it('that were named and not sent are told, and end the command with 1', async () => {
    const kept = [
      { id: 'long', why: 'too_long' },
      { id: 'letter', why: 'gone' },
    ];
    server.on('POST', '/v1/admin/replay', (_, response) =>
      json(response, { replayed: [], kept, dry_run: false, until: letter.at, has_more: false }),
    );
    const { code, stderr } = await cli('replay', 'long', 'letter');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /to be corrected \(dlq --save\): long \(too long\)\nSent or erased meanwhile: letter\n/,
    );
  });

  it('that were sent and that stay are named when it breaks off', async () => {
    const kept = [{ id: 'long', why: 'too_long' }];
    server.on('POST', '/v1/admin/replay', (_, response) => {
      if (server.asked.length > 1) return refuse(response, 400, 'invalid_request');
      json(response, { replayed: ['letter'], kept, dry_run: false, until: letter.at, has_more: true });
    });
    const { code, stderr } = await cli('replay', '--all');
    expect(code).toBe(1);
    expect(stderr).toContain('letter\n1 dead letter replayed before that.\n');
    expect(stderr).toContain('to be corrected (dlq --save): long (too long)\n');
  });

  it('that stay are asked for no further once nothing else is left', async () => {
    server.on('POST', '/v1/admin/replay', (_, response) => {
      const replayed = server.asked.length === 1 ? ['letter'] : [];
      const kept = [{ id: 'long', why: 'too_long' }];
      json(response, { replayed, kept, dry_run: false, until: letter.at, has_more: true });
    });
    const { stdout, stderr } = await cli('replay', '--all');
    expect(stdout).toBe('letter\nReplayed 1 dead letter.\n');
    expect(stderr).toBe('Cannot be sent as they are, to be corrected (dlq --save): long (too long)\n');
    expect(server.asked).toHaveLength(2);
  });
});
