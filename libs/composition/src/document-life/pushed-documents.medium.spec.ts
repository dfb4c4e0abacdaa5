import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DocumentStatus, ErasureReceipt } from '@millrace/contracts';
import type { DeadLetterOutline, NewRecord } from '@millrace/ports';
import { anEvent, binary, structured, utf8 } from './cloud-event-records.ts';
import { Mill } from './mill.ts';
import { poison } from './poison.ts';

let mill: Mill;
beforeAll(async () => {
  mill = await Mill.start();
});
afterAll(() => mill.stop());

const eventually = <T>(assertion: () => Promise<T>): Promise<T> =>
  vi.waitFor(assertion, { timeout: 20_000, interval: 20 });

const publish = (...records: NewRecord[]): Promise<void> => mill.log.publish(records);
const statusOf = async (id: string): Promise<DocumentStatus> =>
  (await mill.request<DocumentStatus>('GET', `/v1/documents/${encodeURIComponent(id)}`)).body;
const contentOf = async (id: string): Promise<string> =>
  (await mill.request<{ text: string }>('GET', `/v1/documents/${encodeURIComponent(id)}/content`)).body.text;
const lettersOf = async (document: string): Promise<DeadLetterOutline[]> =>
  (await mill.registry.deadLetters.page({ limit: 1000 })).filter((letter) => letter.document === document);

const makeTenant = async (name: string): Promise<void> => {
  expect((await mill.request('POST', '/v1/admin/tenants', { name })).status).toBe(201);
};

/** Everything that was pushed so far has been taken in or given up. */
const settled = (): Promise<void> =>
  eventually(async () => {
    const lag = await mill.log.lag('ingestion.documents', ['documents.v1']);
    expect(lag.map(({ records }) => records)).toEqual([0]);
  });

const indexed = (id: string, version: number): Promise<void> =>
  eventually(async () =>
    expect(await statusOf(id)).toMatchObject({ state: 'indexed', version, live_version: version }),
  );

describe('a document pushed to documents.v1', () => {
  it('is taken in as a structured event, with all that is said of it', async () => {
    const data = {
      title: 'Weir',
      text: 'The weir is old.',
      metadata: { river: 'Aa' },
      media_type: 'text/plain',
    };
    await publish(structured('structured/1', anEvent('upsert', { subject: 'structured/1', data })));
    await indexed('structured/1', 1);
    expect((await statusOf('structured/1')).title).toBe('Weir');
    expect(await contentOf('structured/1')).toBe('The weir is old.');
  });

  it('is taken in as a binary event, and without any header as a structured one', async () => {
    await publish(
      binary('binary', anEvent('upsert', { data: { text: 'In the value.' }, traceparent: '00-aa-bb-01' })),
      structured('plain', anEvent('upsert', { data: { text: 'Without headers.' }, time: null }), {}),
    );
    await indexed('binary', 1);
    await indexed('plain', 1);
    expect(await contentOf('binary')).toBe('In the value.');
  });

  it('is the same document over HTTP', async () => {
    await publish(structured('both', anEvent('upsert', { data: { text: 'The same text.' } })));
    await indexed('both', 1);
    const again = await mill.request('PUT', '/v1/documents/both', { text: 'The same text.' });
    expect(again.body).toMatchObject({ version: 1, state: 'indexed' });
    await publish(structured('both', anEvent('upsert', { data: { text: 'Another text.' } })));
    await indexed('both', 2);
  });

  it('is deleted, with a receipt', async () => {
    await publish(structured('gone', anEvent('upsert', { data: { text: 'Soon gone.' } })));
    await indexed('gone', 1);
    await publish(binary('gone', anEvent('delete')));
    expect(await mill.waitFor('gone', 'deleted')).toMatchObject({ version: 2, state: 'deleted' });
    expect((await mill.request('GET', '/v1/documents/gone/receipt')).status).toBe(200);
  });

  it('may be deleted though it was never there: that, too, ends with a receipt', async () => {
    await publish(structured('never', anEvent('delete', { subject: 'never' })));
    await eventually(async () =>
      expect(await statusOf('never')).toMatchObject({ version: 1, state: 'deleted' }),
    );
    expect((await mill.request('GET', '/v1/documents/never/receipt')).status).toBe(200);
    expect(await lettersOf('never')).toEqual([]);
  });

  it('belongs to the tenant of the key', async () => {
    await makeTenant('acme');
    await publish({
      ...structured('-', anEvent('upsert', { data: { text: 'Of acme.' } })),
      key: 'acme/theirs',
    });
    await eventually(async () =>
      expect((await mill.registry.documents.status('acme', 'theirs'))?.state).toBe('indexed'),
    );
    expect((await mill.request('GET', '/v1/documents/theirs')).status).toBe(404);
  });

  it('must fit into a record: the sender is told', async () => {
    const { maxRecordBytes } = mill.log.limits;
    const record = structured('huge', anEvent('upsert', { data: { text: 'x'.repeat(maxRecordBytes) } }));
    await expect(publish(record)).rejects.toMatchObject({ code: 'body_too_large' });
  });
});

describe('a claim check', () => {
  const claim = (blob: string, more: object = {}) => anEvent('upsert', { data: { blob, ...more } });

  it('stands for a file in the inbox, which stays the sender’s', async () => {
    const blob = 'inbox/default/2026/sacks.csv';
    await mill.blobs.put(blob, utf8('name,sacks\nann,3\n'));
    await publish(structured('claim', claim(blob, { title: 'Sacks', media_type: 'text/csv' })));
    await indexed('claim', 1);
    expect(await contentOf('claim')).toContain('ann');
    await mill.request('DELETE', '/v1/documents/claim');
    await mill.waitFor('claim', 'deleted');
    expect(await mill.blobs.get(blob)).toBeDefined();
  });

  it('is waited for a while', async () => {
    const blob = 'inbox/default/soon.txt';
    const looking = vi.spyOn(mill.blobs, 'get');
    await publish(structured('soon', claim(blob)));
    await eventually(async () => expect(looking.mock.calls.filter(([key]) => key === blob)).toHaveLength(2));
    looking.mockRestore();
    await mill.blobs.put(blob, utf8('Just in time.'));
    await indexed('soon', 1);
    expect(await lettersOf('soon')).toEqual([]);
  });

  it.each([structured, binary])('comes home by one replay once its blob is there: %o', async (mode) => {
    const id = `replayed-${mode.name}`;
    const blob = `inbox/default/${id}.txt`;
    await publish(mode(id, claim(blob)));
    const letter = await eventually(async () => {
      const [found] = await lettersOf(id);
      expect(found?.reason.code).toBe('blob_not_found');
      return found!;
    });
    await mill.blobs.put(blob, utf8('There it is.'));
    const replay = await mill.request('POST', '/v1/admin/replay', { ids: [letter.id] });
    expect(replay.body).toMatchObject({ replayed: [letter.id], dry_run: false });
    await indexed(id, 1);
    expect(await lettersOf(id)).toEqual([]);
  });

  it('that is replayed after a newer event brings nothing back', async () => {
    await publish(structured('overtaken', claim('inbox/default/old.txt')));
    const letter = await eventually(async () => {
      const [found] = await lettersOf('overtaken');
      expect(found).toBeDefined();
      return found!;
    });
    await publish(structured('overtaken', anEvent('upsert', { data: { text: 'The newer text.' } })));
    await indexed('overtaken', 1);
    await mill.blobs.put('inbox/default/old.txt', utf8('The older text.'));
    await mill.request('POST', '/v1/admin/replay', { ids: [letter.id] });
    await eventually(async () => expect(await lettersOf('overtaken')).toEqual([]));
    await settled();
    await publish(structured('overtaken', anEvent('upsert', { data: { text: 'The newest text.' } })));
    await indexed('overtaken', 2);
  });
});

describe('an event that comes again', () => {
  const text = (id: string, words: string) => structured(id, anEvent('upsert', { data: { text: words } }));

  it('changes nothing, whatever came between', async () => {
    const [a, b] = [text('aba', 'Text A.'), text('aba', 'Text B.')];
    await publish(a, b, a);
    await settled();
    await indexed('aba', 2);
    expect(await contentOf('aba')).toBe('Text B.');
  });

  it('does not delete what came after the delete', async () => {
    const remove = structured('dad', anEvent('delete'));
    const [a, b] = [text('dad', 'Text A.'), text('dad', 'Text B.')];
    await publish(remove, a, remove, b, a);
    await settled();
    await indexed('dad', 3);
    expect(await contentOf('dad')).toBe('Text B.');
  });

  it('does not bring an erased document back', async () => {
    const [a, remove] = [text('erased', 'Text A.'), structured('erased', anEvent('delete'))];
    await publish(a, remove);
    await eventually(async () => expect(await statusOf('erased')).toMatchObject({ state: 'deleted' }));
    await publish(a, remove);
    await settled();
    expect(await statusOf('erased')).toMatchObject({ version: 2, state: 'deleted' });
  });

  it('with another content is refused: nobody could say which one counts', async () => {
    const event = anEvent('upsert', { data: { text: 'Text A.' } });
    await publish(structured('reused', event), structured('reused', { ...event, data: { text: 'Text B.' } }));
    await eventually(async () =>
      expect((await lettersOf('reused')).map(({ reason }) => reason.code)).toEqual(['idempotency_conflict']),
    );
    await indexed('reused', 1);
    expect(await contentOf('reused')).toBe('Text A.');
  });
});

describe('poison', () => {
  it(`of ${poison.length} kinds ends in the dead letters, each with what to fix, and good events go on between`, async () => {
    await mill.put('victim', 'A text that a stranger names.');
    await mill.waitFor('victim', 'indexed');
    const good = (n: number) =>
      structured(`good-${n}`, anEvent('upsert', { data: { text: `Good text ${n}.` } }));
    await publish(...poison.flatMap(({ record }, n) => [record, good(n)]));
    await settled();
    const letters = await eventually(async () => {
      const outlines = await mill.registry.deadLetters.page({ limit: 1000 });
      const whole = await Promise.all(outlines.map(({ id }) => mill.registry.deadLetters.find(id)));
      const found = Map.groupBy(whole, (letter) => letter?.replay.headers['kind']);
      for (const { kind } of poison) expect(found.get(kind)).toHaveLength(1);
      return found;
    });
    const ends = poison.map(({ kind }) => ({ kind, ...letters.get(kind)![0]!.reason }));
    expect(ends.map(({ kind, code }) => ({ kind, code }))).toEqual(
      poison.map(({ kind, code }) => ({ kind, code })),
    );
    for (const [index, { kind, says, record }] of poison.entries()) {
      expect(ends[index]!.message, kind).toMatch(says);
      expect(ends[index]!.message.length, kind).toBeLessThan(1000);
      expect(letters.get(kind)![0]!.replay, kind).toMatchObject({ topic: 'documents.v1', key: record.key });
    }
    for (const [n] of poison.entries()) await indexed(`good-${n}`, 1);
    expect(await statusOf('victim')).toMatchObject({ version: 1, state: 'indexed' });
  });

  it('that is too long to be kept leaves its reason', async () => {
    const value = new Uint8Array(mill.log.limits.maxRecordBytes).fill(0xff);
    await publish({ topic: 'documents.v1', key: 'default/long', value });
    await eventually(async () => {
      const [letter] = await lettersOf('long');
      expect(letter?.reason).toMatchObject({
        code: 'invalid_event',
        message: expect.stringMatching(/Too long/) as string,
      });
    });
  });

  it('is replayed to where it came from, and ends there again while nothing was mended', async () => {
    const { record } = poison.find(({ kind }) => kind === 'an unknown tenant')!;
    const find = async () =>
      (await mill.registry.deadLetters.page({ tenant: 'nobody', limit: 10 })).filter(
        ({ key }) => key === record.key,
      );
    const [first] = await find();
    await mill.request('POST', '/v1/admin/replay', { tenant: 'nobody' });
    const [second] = await eventually(async () => {
      const found = await find();
      expect(found.map(({ id }) => id)).not.toEqual([first!.id]);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(second!.reason.code).toBe('tenant_not_found');
    await makeTenant('nobody');
    await mill.request('POST', '/v1/admin/replay', { tenant: 'nobody' });
    await eventually(async () =>
      expect((await mill.registry.documents.status('nobody', 'a'))?.state).toBe('indexed'),
    );
  });

  it('goes with its document when that is erased', async () => {
    await publish(structured('bitter', anEvent('upsert', { data: { text: 'Good.' } })));
    await publish(structured('bitter', anEvent('upsert', { data: { text: 'Secret.', acl: ['everyone'] } })));
    await eventually(async () => expect(await lettersOf('bitter')).toHaveLength(1));
    await indexed('bitter', 1);
    await publish(structured('bitter', anEvent('delete')));
    await mill.waitFor('bitter', 'deleted');
    expect(await lettersOf('bitter')).toEqual([]);
    const { body } = await mill.request<ErasureReceipt>('GET', '/v1/documents/bitter/receipt');
    expect(body.removed.find(({ store }) => store === 'dead letters')?.count).toBe(1);
  });
});
