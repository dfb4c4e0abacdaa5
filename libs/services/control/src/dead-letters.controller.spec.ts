import type { Principal } from '@millrace/contracts';
import type { DeadLetterQuery, DeadLetterRecord, EventLog, Registry } from '@millrace/ports';
import { expect, it } from 'vitest';
import { DeadLettersController } from './dead-letters.controller.ts';

const principal = { tenant: 'default' } as Principal;

const letter = (id: string, at: number, value = '{}'): DeadLetterRecord => ({
  ...{ id, tenant: 'acme', origin: 'documents.v1', document: 'a', attempts: 1, at, saidAt: at },
  reason: { code: 'invalid_event', message: '' },
  replay: { topic: 'documents.v1', key: 'acme/a', value, headers: {} },
});

function desk(letters: readonly DeadLetterRecord[]) {
  const sent: string[] = [];
  const deadLetters = {
    page: async ({ cursor, limit, until = Infinity }: DeadLetterQuery) => {
      const listed = letters.filter(({ at }) => at < Math.min(cursor?.at ?? Infinity, until));
      return listed.slice(0, limit).map(({ replay: { key, value }, ...one }) => ({
        ...{ ...one, key, keyBytes: Buffer.byteLength(key), messageBytes: Buffer.byteLength(value) },
      }));
    },
    find: async (id: string) => letters.find((one) => one.id === id),
    replay: async ({ id }: { id: string }) => id !== 'taken' && sent.push(id) > 0,
  };
  const log = { limits: { maxRecordBytes: 100 } } as unknown as EventLog;
  const clock = { now: () => 5_000 };
  const controller = new DeadLettersController({ deadLetters } as unknown as Registry, clock, log);
  const replay = (body: object) =>
    controller.replay({ principal, body: { dry_run: false, ...body } } as unknown as Parameters<
      DeadLettersController['replay']
    >[0]);
  return { sent, replay };
}

it('sends letters in the order in which they were written', async () => {
  const { sent, replay } = desk([letter('late', 3), letter('middle', 2), letter('early', 1)]);
  expect(await replay({})).toMatchObject({ replayed: ['early', 'middle', 'late'], kept: [] });
  await replay({ ids: ['late', 'early'] });
  expect(sent).toEqual(['early', 'middle', 'late', 'early', 'late']);
});

it('leaves those where they are that cannot be sent as they are, and says why', async () => {
  const long = letter('long', 4, '\ufffd'.repeat(50));
  const elsewhere = { ...letter('elsewhere', 2), origin: 'nobody.knows.v1' };
  const { sent, replay } = desk([
    long,
    { ...letter('empty', 3, ''), omittedBytes: 9 },
    elsewhere,
    letter('short', 1),
  ]);
  const kept = [
    { id: 'long', why: 'too_long' },
    { id: 'empty', why: 'no_message' },
    { id: 'elsewhere', why: 'unknown_topic' },
  ];
  for (const body of [{}, { ids: ['long', 'empty', 'elsewhere', 'short'] }, { dry_run: true }])
    expect(await replay(body)).toMatchObject({ replayed: ['short'], kept });
  expect(sent).toEqual(['short', 'short']);
});

it('sends a message without content like any other: a binary delete has none', async () => {
  const { replay } = desk([letter('delete', 1, '')]);
  expect(await replay({})).toMatchObject({ replayed: ['delete'], kept: [] });
});

it('says of each that is named what became of it, and of one that is named twice once', async () => {
  const { replay } = desk([letter('taken', 2), letter('here', 1)]);
  const ids = ['taken', 'here', 'here'];
  expect(await replay({ ids, dry_run: true })).toMatchObject({ replayed: ['taken', 'here'], kept: [] });
  const kept = [{ id: 'taken', why: 'gone' }];
  expect(await replay({ ids })).toMatchObject({ replayed: ['here'], kept });
  expect(await replay({ ids: ['never', 'here'] })).toMatchObject({
    ...{ replayed: ['here'], kept: [{ id: 'never', why: 'gone' }] },
  });
  await expect(replay({ ids: ['never', 'nor this'] })).rejects.toMatchObject({
    code: 'dead_letter_not_found',
  });
  const event = { specversion: '1.0', id: '1', source: '/s', type: 'millrace.document.delete.v1' };
  const corrections = ['taken', 'here', 'never'].map((id) => ({ id, event }));
  expect(await replay({ corrections })).toMatchObject({ replayed: ['here'], gone: ['never', 'taken'] });
});

it('goes on behind any number of those that stay', async () => {
  const stay = Array.from({ length: 2_500 }, (_, n) => letter(`long ${n}`, 3_000 - n, 'x'.repeat(200)));
  const { replay } = desk([...stay, letter('short', 1)]);
  const answer = await replay({});
  expect(answer).toMatchObject({ replayed: ['short'], has_more: false });
  expect(answer).toHaveProperty('kept.length', 1_000);
});

it('looks at nothing that is written after now', async () => {
  const { replay } = desk([letter('soon', 6_000), letter('now', 4_000)]);
  const until = new Date(9_000).toISOString();
  expect(await replay({ until })).toMatchObject({ replayed: ['now'], until: new Date(5_000).toISOString() });
});
