import type { Principal } from '@millrace/contracts';
import type { DeadLetterRecord, EventLog, Registry } from '@millrace/ports';
import { expect, it } from 'vitest';
import { DeadLettersController } from './dead-letters.controller.ts';

const principal = { tenant: 'default' } as Principal;

const letter = (id: string, at: number, value = '{}'): DeadLetterRecord => ({
  ...{ id, tenant: 'acme', origin: 'documents.v1', document: 'a', attempts: 1, at },
  reason: { code: 'invalid_event', message: '' },
  replay: { topic: 'documents.v1', key: 'acme/a', value, headers: {} },
});

function desk(letters: readonly DeadLetterRecord[]) {
  const sent: string[] = [];
  const deadLetters = {
    page: async () => letters,
    find: async (id: string) => letters.find((one) => one.id === id),
    replay: async (id: string) => sent.push(id) > 0,
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
  expect(await replay({})).toMatchObject({ replayed: ['early', 'middle', 'late'], too_long: [] });
  await replay({ ids: ['late', 'early'] });
  expect(sent).toEqual(['early', 'middle', 'late', 'early', 'late']);
});

it('leaves those where they are that the log would not take', async () => {
  const { sent, replay } = desk([letter('long', 2, '\ufffd'.repeat(50)), letter('short', 1)]);
  for (const body of [{}, { ids: ['long', 'short'] }, { dry_run: true }])
    expect(await replay(body)).toMatchObject({ replayed: ['short'], too_long: ['long'] });
  expect(sent).toEqual(['short', 'short']);
});
