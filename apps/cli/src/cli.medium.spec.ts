import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildCli, startCli } from './testing/built-cli.ts';
import { FakeServer, json, refuse } from './testing/fake-server.ts';

let server: FakeServer;
let folder: string;

beforeAll(async () => {
  await buildCli();
  server = await FakeServer.start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  server.reset();
  folder = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
  return () => rm(folder, { recursive: true, force: true });
});

const start = (...args: string[]) => startCli(['--url', server.url, ...args], folder);
const cli = (...args: string[]) => start(...args).ended;

const documentOf = (url: string | undefined): string =>
  decodeURIComponent(/^\/v1\/documents\/([^?/]+)/.exec(url ?? '')?.[1] ?? '');

const status = (id: string, state: string, reason?: object) => ({
  id,
  version: 1,
  state,
  chunks: 1,
  history: [],
  ...(reason && { reason }),
});

/** Accepts everything, and ends each document as told. */
function acceptAll(ends: (id: string) => object = (id) => status(id, 'indexed')): void {
  server
    .on('PUT', '/v1/documents/', ({ url }, response) =>
      json(response, { id: documentOf(url), version: 1, state: 'accepted' }, 202),
    )
    .on('GET', '/v1/documents/', ({ url }, response) => json(response, ends(documentOf(url))));
}

const sse = (response: ServerResponse, ...data: (object | string)[]): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const item of data)
    response.write(`data: ${typeof item === 'string' ? item : JSON.stringify(item)}\n\n`);
};
const delta = (content: string, annotations: object[] = []) => ({
  model: 'm',
  choices: [{ index: 0, delta: { content, annotations }, finish_reason: null }],
});

describe('without a server', () => {
  it('says how to start one', async () => {
    const gone = await FakeServer.start();
    const { url } = gone;
    await gone.stop();
    const { code, stdout, stderr } = await startCli(['search', 'x', '--url', url], folder).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('Start it with npm start');
  });
});

describe('wrong usage', () => {
  it.each([
    [['ask', ''], 'The question is empty.'],
    [['ask', ' ', '\t'], 'The question is empty.'],
    [['search', ''], 'The query is empty.'],
    [['replay'], 'Say which: ids, --from'],
    [['replay', '--from', 'x.jsonl', 'an-id'], 'Ids say it all'],
    [['replay', '--from', 'x.jsonl'], 'x.jsonl cannot be read'],
    [['replay', '--since', '1h', '--until', '2h'], '--since is not before --until'],
    [['replay', '--since', '2026-02-30T00:00:00Z'], 'Write 90m, 2h or 7d'],
  ])('%j ends with 2 and asks the server nothing', async (args, sentence) => {
    const { code, stdout, stderr } = await cli(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(server.asked).toEqual([]);
  });
});

describe('push', () => {
  it('sends a folder with ids from its paths, follows each document and says which failed and why', async () => {
    await mkdir(join(folder, 'docs/more'), { recursive: true });
    await mkdir(join(folder, 'docs/.git'));
    await writeFile(join(folder, 'docs/a.md'), '# A');
    await writeFile(join(folder, 'docs/more/b(1).md'), '# B');
    await writeFile(join(folder, 'docs/.git/config'), 'no');
    const reason = { code: 'no_text', message: 'Run OCR on it.' };
    acceptAll((id) => (id === 'docs/a.md' ? status(id, 'indexed') : status(id, 'dead-lettered', reason)));
    const { code, stdout, stderr } = await cli('push', 'docs', '--wait', '--metadata', 'team=ops');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Indexed 1, dead-lettered 1 \(2 files, [\d.]+ s\)/);
    expect(stdout).toMatch(/docs\/more\/b_1_-[0-9a-f]{8}\.md {2}dead-lettered {2}no_text: Run OCR on it\./);
    expect(stderr).toMatch(/docs\/more\/b\(1\)\.md -> docs\/more\/b_1_-[0-9a-f]{8}\.md/);
    expect(server.bodies.find((body) => body.includes('# A'))).toContain('{"team":"ops"}');
    expect(server.asked.filter((line) => line.startsWith('PUT'))).toHaveLength(2);
  });

  it('tries again when the server is busy, and not before the time it was given', async () => {
    await writeFile(join(folder, 'a.md'), '# A');
    acceptAll();
    const at: number[] = [];
    server.on('PUT', '/v1/documents/', ({ url }, response) => {
      at.push(Date.now());
      if (at.length === 1) return refuse(response, 429, 'queue_full', { 'retry-after': '1' });
      if (at.length === 2) return refuse(response, 503, 'shutting_down', { 'retry-after': '0' });
      json(response, { id: documentOf(url), version: 1, state: 'accepted' }, 202);
    });
    const { code, stdout } = await cli('push', 'a.md', '--wait', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ files: 1, indexed: 1, dead_lettered: 0 });
    expect(at).toHaveLength(3);
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(990);
  });

  it('goes on where the connection breaks in the middle', async () => {
    for (const name of ['a', 'b', 'c']) await writeFile(join(folder, `${name}.md`), name);
    acceptAll();
    let puts = 0;
    server.on('PUT', '/v1/documents/', ({ url }, response) => {
      puts += 1;
      if (puts === 2) return void response.socket?.destroy();
      json(response, { id: documentOf(url), version: 1, state: 'accepted' }, 202);
    });
    const { code, stdout } = await cli('push', '.', '--wait', '--json', '--concurrency', '1');
    expect({ code, indexed: (JSON.parse(stdout) as { indexed: number }).indexed }).toEqual({
      code: 0,
      indexed: 3,
    });
    expect(puts).toBe(4);
  });

  it('leaves out links that lead out of the folder, and says how many', async () => {
    await mkdir(join(folder, 'docs'));
    await writeFile(join(folder, 'docs/a.md'), '# A');
    await writeFile(join(folder, 'secret'), 'nobody meant to push this');
    await symlink(join(folder, 'secret'), join(folder, 'docs/innocent.md'));
    acceptAll();
    const { code, stderr } = await cli('push', 'docs');
    expect(code).toBe(0);
    expect(stderr).toContain('Left out 1 entry: pipes, sockets, links out of the folder');
    expect(server.bodies.join()).not.toContain('nobody meant');
  });

  it('says once that it waits for a server that went away, and that it is back', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await writeFile(join(folder, `${name}.md`), name);
    acceptAll();
    let away = false;
    server.on('PUT', '/v1/documents/', ({ url }, response) => {
      away ||= server.asked.length === 2;
      if (away) return void response.socket?.destroy();
      json(response, { id: documentOf(url), version: 1, state: 'accepted' }, 202);
    });
    const { child, ended } = start('push', '.', '--no-wait');
    await new Promise((resolve) => child.stderr!.once('data', resolve));
    away = false;
    const { code, stderr } = await ended;
    expect(code).toBe(0);
    expect(stderr.match(/Waiting for the server at http:\S+ \(\d+ s so far\) …/g)).toHaveLength(1);
    expect(stderr).toMatch(/This goes on by itself\.\nThe server at http:\S+ is back\.\n/);
  });

  it('tells what is there already, and what was refused, from what is new', async () => {
    for (const name of ['new', 'same', 'bad']) await writeFile(join(folder, `${name}.md`), name);
    server.on('PUT', '/v1/documents/same.md', (_, response) =>
      json(response, { id: 'same.md', version: 4, state: 'indexed' }, 202),
    );
    server.on('PUT', '/v1/documents/bad.md', (_, response) => refuse(response, 422, 'empty_document'));
    acceptAll();
    const { code, stdout } = await cli('push', '.', '--wait');
    expect(code).toBe(1);
    expect(stdout).toContain('Indexed 1, unchanged 1, refused 1 (3 files');
    expect(stdout).toContain('empty_document: It is empty_document.');
  });

  it('counts a file that cannot be read as failed, with the reason, and goes on', async () => {
    for (const name of ['a', 'b', 'c']) await writeFile(join(folder, `${name}.md`), name);
    let asked = false;
    server.on('PUT', '/v1/documents/b.md', ({ url }, response) => {
      if (asked) return json(response, { id: documentOf(url), version: 1, state: 'accepted' }, 202);
      asked = true;
      // It is away by the time it is to be sent again.
      rmSync(join(folder, 'b.md'));
      refuse(response, 503, 'shutting_down', { 'retry-after': '0' });
    });
    acceptAll();
    const { code, stdout, stderr } = await cli('push', '.', '--wait', '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ files: 3, indexed: 2, refused: 1 });
    expect(stdout).toContain('"unreadable_file"');
    expect(stdout).toContain('It is not there.');
  });

  it('ends at once when no file would be taken', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await writeFile(join(folder, `${name}.md`), name);
    server.on('PUT', '/v1/documents/', (_, response) => refuse(response, 401, 'unauthenticated'));
    const { code, stderr } = await cli('push', '.');
    expect(code).toBe(1);
    expect(stderr).toContain('MILLRACE_KEY');
    expect(server.asked.length).toBeLessThan(6);
  });

  it('stops on Ctrl-C and says what goes on', async () => {
    await writeFile(join(folder, 'a.md'), '# A');
    acceptAll();
    server.on('GET', '/v1/documents/', () => undefined);
    const { child, ended } = start('push', 'a.md', '--wait');
    await vi.waitFor(() => expect(server.asked.some((line) => line.startsWith('GET'))).toBe(true), 10_000);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('Stopped: 1 of 1 files were sent');
    expect(stderr).toContain('millrace status');
  });
});

describe('push of large files', () => {
  it('stops on Ctrl-C while they are being sent', async () => {
    for (const name of ['a', 'b', 'c', 'd'])
      await writeFile(join(folder, `${name}.bin`), Buffer.alloc(30_000_000));
    const stalled = createServer((request) => request.once('data', () => request.pause()));
    await new Promise<void>((resolve) => stalled.listen(0, '127.0.0.1', resolve));
    const begun = new Promise((resolve) => stalled.once('request', resolve));
    const { port } = stalled.address() as AddressInfo;
    const { child, ended } = start('push', '.', '--url', `http://127.0.0.1:${port}`);
    await begun;
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    stalled.closeAllConnections();
    stalled.close();
    expect(stderr).toContain('Stopped: 0 of 4 files were sent');
    expect(stderr).not.toContain('ERR_');
    expect(code).toBe(130);
  });
});

describe('ask', () => {
  const route = '/v1/chat/completions';
  const citation = {
    index: 1,
    document_id: 'mill.md',
    url_citation: { title: 'The mill' },
    text: 'It was built\nin 1791.',
  };

  it('prints the answer and its sources', async () => {
    server.on('POST', route, (_, response) => {
      sse(response, delta('Built in '), delta('1791 [1].', [citation]), '[DONE]');
      response.end();
    });
    const { code, stdout } = await cli('ask', 'When?', '--top-k', '3', '--filter', 'team=ops');
    expect(code).toBe(0);
    expect(stdout).toBe('Built in 1791 [1].\n\nSources\n[1] The mill  mill.md\n    It was built in 1791.\n');
    expect(JSON.parse(server.bodies[0]!)).toMatchObject({
      stream: true,
      messages: [{ role: 'user', content: 'When?' }],
      millrace: { retrieval: { top_k: 3, filter: { team: 'ops' } } },
    });
  });

  it('never lets a broken answer look complete', async () => {
    server.on('POST', route, (_, response) => {
      sse(response, delta('Built in '));
      response.socket?.end();
    });
    const broken = await cli('ask', 'When?');
    expect(broken).toMatchObject({ code: 1, stdout: 'Built in \n' });
    expect(broken.stderr).toMatch(/broke/);
    const asJson = await cli('ask', 'When?', '--json');
    expect(asJson).toMatchObject({ code: 1, stdout: '' });
  });

  it('ends with the words of an error frame', async () => {
    server.on('POST', route, (_, response) => {
      sse(response, delta('Built'), {
        error: { code: 'backend_error', message: 'It failed.', request_id: 'r' },
      });
      response.end();
    });
    const { code, stderr } = await cli('ask', 'When?');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'It failed. Request id: r.\n' });
  });
});

describe('the other commands', () => {
  it('erase waits, and prints the receipt', async () => {
    server
      .on('DELETE', '/v1/documents/a%2Fb.md', (_, response) =>
        json(response, { id: 'a/b.md', version: 2, state: 'accepted' }, 202),
      )
      .on('GET', '/v1/documents/a%2Fb.md/receipt', (_, response) =>
        json(response, {
          id: 'a/b.md',
          version: 2,
          requested_at: '2026-01-01T00:00:00Z',
          completed_at: '2026-01-01T00:00:01Z',
          removed: [{ store: 'vectors', what: 'points', count: 12 }],
        }),
      )
      .on('GET', '/v1/documents/a%2Fb.md?wait=deleted', (_, response) =>
        json(response, { ...status('a/b.md', 'deleted'), version: 2 }),
      );
    const { code, stdout } = await cli('rm', 'a/b.md');
    expect(code).toBe(0);
    expect(stdout).toContain('a/b.md is erased (version 2, 2026-01-01T00:00:01Z)');
    expect(stdout).toMatch(/12 {2}points {2}vectors/);
  });

  it.each([[[]], [['--no-wait']]])(
    'erase goes on past an id that is not there, and says which (%j)',
    async (more) => {
      server.on('DELETE', '/v1/documents/nope', (_, response) => refuse(response, 404, 'document_not_found'));
      server.on('DELETE', '/v1/documents/', ({ url }, response) =>
        json(response, { id: documentOf(url), version: 2, state: 'accepted' }, 202),
      );
      for (const id of ['a', 'b'])
        server.on('GET', `/v1/documents/${id}/receipt`, (_, response) =>
          json(response, { id, version: 2, completed_at: '2026-01-01T00:00:01Z', removed: [] }),
        );
      server.on('GET', '/v1/documents/', ({ url }, response) =>
        json(response, { ...status(documentOf(url), 'deleted'), version: 2 }),
      );
      const asJson = await cli('erase', 'a', 'nope', 'b', '--json', ...more);
      expect(asJson.code).toBe(1);
      expect(JSON.parse(asJson.stdout)).toMatchObject({
        [more.length > 0 ? 'accepted' : 'receipts']: [{ id: 'a' }, { id: 'b' }],
        failed: [{ id: 'nope', reason: { code: 'document_not_found' } }],
      });
      const { code, stdout, stderr } = await cli('erase', 'a', 'nope', 'b', ...more);
      expect(code).toBe(1);
      expect(stdout.match(/^[ab](?= is erased|: the erasure)/gm)).toEqual(['a', 'b']);
      expect(stderr).toBe('nope: document_not_found: It is document_not_found.\n');
    },
  );

  it('status counts the tenant’s own documents where the key may not see the queues', async () => {
    server
      .on('GET', '/v1/admin/queues', (_, response) => refuse(response, 403, 'forbidden'))
      .on('GET', '/v1/documents?limit=1000&cursor=n', (_, response) =>
        json(response, { data: [status('c', 'dead-lettered')] }),
      )
      .on('GET', '/v1/documents?limit=1000', (_, response) =>
        json(response, { data: [status('a', 'indexed'), status('b', 'indexed')], next_cursor: 'n' }),
      );
    const { stdout } = await cli('status', '--json');
    expect(JSON.parse(stdout)).toEqual({ documents: { indexed: 2, 'dead-lettered': 1 } });
  });

  it('status says what a key for reading may not do', async () => {
    for (const path of ['/v1/admin/queues', '/v1/documents?limit=1000'])
      server.on('GET', path, (_, response) => refuse(response, 403, 'forbidden'));
    const { code, stderr } = await cli('status');
    expect(code).toBe(1);
    expect(stderr).toContain('To see where documents are, a key needs the right write.');
    expect(stderr).toContain('millrace keys create --help');
  });

  it('transcribe sends the file and prints the subtitles as they are', async () => {
    await writeFile(join(folder, 'a.wav'), 'RIFF');
    server.on('POST', '/v1/audio/transcriptions', (_, response, body) =>
      response.end(body.includes('srt') && body.includes('RIFF') ? '1\n00:00 --> 00:01\nHello.\n\n' : 'no'),
    );
    expect(await cli('transcribe', 'a.wav', '--format', 'srt')).toMatchObject({
      code: 0,
      stdout: '1\n00:00 --> 00:01\nHello.\n',
    });
    expect(await cli('transcribe', 'b.wav')).toMatchObject({
      code: 1,
      stderr: 'b.wav cannot be read. It is not there.\n',
    });
  });

  it('end quietly when the reader of their output goes away', async () => {
    const results = Array.from({ length: 50 }, (_, n) => ({
      document_id: `d${n}`,
      score: 1,
      text: 'x'.repeat(10_000),
      headings: [],
    }));
    let answer: (() => void) | undefined;
    server.on('POST', '/v1/search', (_, response) => {
      answer = () => json(response, { results });
    });
    const { child, ended } = start('search', 'x', '--json');
    await vi.waitFor(() => expect(answer).toBeDefined(), 10_000);
    child.stdout!.destroy();
    answer!();
    expect(await ended).toMatchObject({ code: 141, stderr: '' });
  });
});
