import type { DocumentCloudEvent } from '@millrace/contracts';
import type { Registry } from '@millrace/ports';
import type { Logger } from '@millrace/platform';
import { describe, expect, it } from 'vitest';
import { recordOf } from './dead-letter-record.ts';
import { DocumentEvents } from './document-events.ts';
import type { DocumentIntake, IntakeRequest, WithdrawalRequest } from './document-intake.ts';
import { EventContent } from './event-content.ts';
import { KnownTenants } from './known-tenants.ts';
import { BlobsInMemory } from './testing/blobs-in-memory.ts';

const place = { partition: 0, offset: 7, timestamp: 1 };

function desk() {
  const taken: IntakeRequest[] = [];
  const withdrawn: WithdrawalRequest[] = [];
  const tenants = [{ name: 'acme', createdAt: 1 }];
  let lookups = 0;
  const registry = {
    access: { tenants: async () => (lookups++, tenants) },
  } as unknown as Registry;
  const intake = {
    accept: async (request: IntakeRequest) => void taken.push(request),
    withdraw: async (request: WithdrawalRequest) => void withdrawn.push(request),
  } as unknown as DocumentIntake;
  const blobs = new BlobsInMemory();
  const logger = { info: () => undefined } as unknown as Logger;
  const handler = new DocumentEvents(
    intake,
    new EventContent(blobs, { maxClaimMb: 1 } as never),
    new KnownTenants(registry),
    logger,
  );
  const take = (event: object, key = 'acme/a', headers = {}) =>
    handler.take(event as DocumentCloudEvent, { key, headers, place, signal: new AbortController().signal });
  return { take, taken, withdrawn, blobs, tenants, lookups: () => lookups };
}

const envelope = { specversion: '1.0', id: '1', source: '/s' };
const upsert = (data: object = { text: 'x' }, more: object = {}) => ({
  ...envelope,
  ...{ type: 'millrace.document.upsert.v1', data },
  ...more,
});
const removal = { ...envelope, type: 'millrace.document.delete.v1' };

describe('an event out of the log', () => {
  it('is taken in for the tenant and the document of its key', async () => {
    const { take, taken, withdrawn } = desk();
    await take(upsert({ text: 'x', title: 'T' }), 'acme/a/b');
    await take(removal, 'default/c');
    expect(taken).toMatchObject([{ tenant: 'acme', document: 'a/b', arrival: { title: 'T', content: 'x' } }]);
    expect(withdrawn).toMatchObject([{ tenant: 'default', document: 'c', event: { key: '/s 1', place } }]);
  });

  it.each([
    ['', upsert()],
    ['acme', upsert()],
    ['acme/', upsert()],
    ['/a', upsert()],
    ['acme/../a', upsert()],
    ['acme/a', upsert({ text: 'x' }, { subject: 'b' })],
    ['acme/a', upsert({ text: 'x', id: 'b' }, { subject: 'a' })],
  ])('is refused under the key "%s" when they do not agree: %o', async (key, event) => {
    const { take, taken } = desk();
    await expect(take(event, key)).rejects.toMatchObject({ code: 'invalid_key' });
    expect(taken).toEqual([]);
  });

  it('of an unknown tenant is refused, until there is one', async () => {
    const { take, taken, tenants, lookups } = desk();
    await expect(take(upsert(), 'new/a')).rejects.toMatchObject({ code: 'tenant_not_found' });
    tenants.push({ name: 'new', createdAt: 2 });
    await take(upsert(), 'new/a');
    await take(upsert(), 'new/b');
    expect(taken).toHaveLength(2);
    expect(lookups()).toBe(2);
  });

  it('is known by source and id, and by what it says', async () => {
    const { take, taken } = desk();
    for (const event of [upsert(), upsert({ text: 'x', media_type: 'text/plain' }), upsert({ text: 'y' })])
      await take(event);
    const [first, same, other] = taken.map(({ event }) => event);
    expect(same).toEqual(first);
    expect(other).toMatchObject({ key: first!.key });
    expect(other!.requestHash).not.toBe(first!.requestHash);
  });

  it('stays the same event when its blob is overwritten', async () => {
    const { take, taken, blobs } = desk();
    const event = upsert({ blob: 'inbox/acme/a.pdf' });
    for (const bytes of ['one', 'two']) {
      await blobs.put('inbox/acme/a.pdf', new TextEncoder().encode(bytes));
      await take(event);
    }
    expect(taken[0]!.event).toEqual(taken[1]!.event);
    expect(taken[0]!.arrival).toMatchObject({ filename: 'a.pdf' });
  });

  it('may claim what lies in the inbox of its tenant only', async () => {
    const { take, blobs } = desk();
    await blobs.put('inbox/acme2/a', new Uint8Array([1]));
    await expect(take(upsert({ blob: 'inbox/acme2/a' }))).rejects.toMatchObject({ code: 'invalid_event' });
    await expect(take(upsert({ blob: 'inbox/acme/a' }))).rejects.toMatchObject({ code: 'blob_not_found' });
  });

  it('says when it was given up, where it is replayed', async () => {
    const { take, taken, withdrawn } = desk();
    const letter = { attempts: 1, origin: 'documents.v1', at: new Date(1000).toISOString() };
    const { replay } = recordOf({ ...letter, reason: { code: 'x', message: '' }, payload: { json: {} } });
    await take(upsert(), 'acme/a', replay.headers);
    await take(removal, 'acme/a', replay.headers);
    await take(upsert());
    expect([...taken, ...withdrawn].map(({ event }) => event?.givenUpAt)).toEqual([1000, undefined, 1000]);
  });
});
