import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { chainStart, hashedText, type AuditEntry } from '@millrace/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCli, startCli } from '../testing/built-cli.ts';
import { FakeServer, json } from '../testing/fake-server.ts';

const pageSize = 2;
let server: FakeServer;
let chain: AuditEntry[];

beforeAll(async () => {
  await buildCli();
  server = await FakeServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  chain = chainOf(5);
  server.reset();
  const [{ tenant, sequence, hash }] = chain.slice(-1) as [AuditEntry];
  server.on('GET', '/v1/admin/audit/heads', (_, response) =>
    json(response, { data: [{ tenant, sequence, hash }] }),
  );
  server.on('GET', '/v1/admin/audit?', ({ url }, response) => {
    const from = Number(new URL(url!, 'http://-').searchParams.get('cursor') ?? 0);
    const end = from + pageSize;
    json(response, {
      ...{ tenant, data: chain.slice(from, end) },
      ...(end < chain.length && { next_cursor: `${end}` }),
    });
  });
});

function chainOf(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let sequence = 1; sequence <= length; sequence++) {
    const entry = {
      ...{ tenant: 'acme', sequence, at: '2026-03-01T12:00:00.000Z', action: 'key.create' },
      ...{ actor: { tenant: 'default', name: 'user:ann' }, object: `key:${sequence}`, outcome: 'done' },
      ...{ details: { rights: ['read'], n: 3 }, previous: entries.at(-1)?.hash ?? chainStart },
    };
    entries.push({ ...entry, hash: createHash('sha256').update(hashedText(entry)).digest('hex') });
  }
  return entries;
}

const cli = (...args: string[]) => startCli(['--url', server.url, 'audit', ...args], tmpdir()).ended;

describe('audit', () => {
  it('shows entries in columns, and asks for those that are meant', async () => {
    const { stdout, stderr } = await cli('--tenant', 'acme', '--action', 'key.create');
    expect(server.asked[0]).toBe('GET /v1/admin/audit?limit=50&tenant=acme&action=key.create');
    expect(stdout.split('\n').map((line) => line.trim().split(/\s{2,}/))).toEqual([
      ['no', 'at', 'who', 'action', 'object', 'outcome', 'hash', 'details'],
      ...chain
        .slice(0, pageSize)
        .map(({ sequence, at, hash }) => [
          ...[`${sequence}`, at, 'default/user:ann', 'key.create', `key:${sequence}`, 'done'],
          ...[hash.slice(0, 12), 'rights=["read"] n=3'],
        ]),
      [''],
    ]);
    expect(stderr).toContain('There are more');
  });

  it('is not asked for what nobody writes', async () => {
    expect(await cli('--action', 'tea.make')).toMatchObject({ code: 2 });
    expect(await cli('verify', '--head', '6e52')).toMatchObject({ code: 2 });
  });
});

describe('audit verify', () => {
  it('reads a chain page by page and tells its head', async () => {
    const { code, stdout } = await cli('verify', '--head', chain[1]!.hash, '--head', chain[4]!.hash);
    expect([code, stdout]).toEqual([0, `acme: 5 entries fit, head ${chain[4]!.hash}\n`]);
    expect(server.asked.filter((line) => line.includes('order=asc'))).toHaveLength(3);
  });

  it('ends with 1 at the first entry that does not fit', async () => {
    chain[3] = { ...chain[3]!, details: {} };
    const { code, stdout } = await cli('verify');
    expect([code, stdout]).toEqual([
      1,
      'acme: entry 4 does not fit: it does not have its hash: it was changed\n',
    ]);
  });

  it('ends with 1 where a noted head is nowhere', async () => {
    const gone = 'f'.repeat(64);
    const { code, stdout } = await cli('verify', '--head', gone, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ chains: [{ checked: 5 }], misfits: [], lost: [gone] });
  });
});
