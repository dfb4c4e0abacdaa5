import { MillraceError, type DocumentVersion, type EventData, type EventSpec } from '@millrace/contracts';
import type { AcceptedVersion, BeforeDelete, NewVersion, Registry, Withdrawal } from '@millrace/ports';
import type { EventPublisher } from '@millrace/platform';
import { describe, expect, it, vi } from 'vitest';
import { folderTime } from './blob-keys.ts';
import type { BlobKeeper } from './blob-keeper.ts';
import { DocumentIntake } from './document-intake.ts';
import type { OutboxRelay } from './outbox-relay.ts';
import { SpareFolders } from './spare-folders.ts';
import { BlobsInMemory } from './testing/blobs-in-memory.ts';

type Accept = (change: NewVersion) => Promise<AcceptedVersion | BeforeDelete>;

const now = 1_750_000_000_000;
const accepted: Accept = async ({ document }) => ({
  document,
  version: 1,
  state: 'accepted',
  outcome: 'accepted',
});

/** An intake over a registry that answers as told. */
function intake(accept: Accept, withdrawal = {}) {
  const blobs = new BlobsInMemory();
  const changes: NewVersion[] = [];
  const woken: string[] = [];
  const known = new Set<string>();
  const erased: DocumentVersion[] = [];
  const documents = {
    accept: (change: NewVersion) => {
      changes.push(change);
      return accept(change);
    },
    withdraw: async ({ document }: Withdrawal) => ({ document, version: 2, ...withdrawal }),
    unknownSources: async (sources: readonly string[]) => sources.filter((source) => !known.has(source)),
  };
  const forOutbox = (spec: EventSpec, data: EventData<EventSpec>) => ({
    ...{ topic: spec.name, key: 'k', value: JSON.stringify(data), headers: {} },
  });
  const subject = new DocumentIntake(
    { documents } as unknown as Registry,
    blobs,
    { now: () => now },
    { forOutbox } as unknown as EventPublisher,
    { wake: () => woken.push('woken') } as unknown as OutboxRelay,
    { erase: async (version: DocumentVersion) => void erased.push(version) } as unknown as BlobKeeper,
    new SpareFolders(blobs),
  );
  return { subject, blobs, changes, woken, known, erased };
}

const push = { tenant: 'acme', document: 'a', arrival: { content: 'text' } };
const names = (blobs: BlobsInMemory): string[] => blobs.keys.map((key) => key.split('/').at(-1)!);

describe('taking a document in', () => {
  it('stores the source before it registers the version, and says so', async () => {
    let stored: string[] = [];
    const { subject, blobs, changes, woken } = intake(async (change) => {
      stored = blobs.keys;
      return accepted(change);
    });
    await subject.accept(push);
    expect(stored).toEqual([changes[0]!.source]);
    expect(JSON.parse(changes[0]!.announce(7).value)).toEqual({
      ...{ tenant: 'acme', document: 'a', version: 7, source: changes[0]!.source },
      acceptedAt: new Date(now).toISOString(),
      bytes: 4,
    });
    expect(woken).toEqual(['woken']);
  });

  it('stores the bytes of a file beside what is said of it', async () => {
    const { subject, blobs } = intake(accepted);
    await subject.accept({ ...push, arrival: { content: new Uint8Array([1]), filename: 'a.pdf' } });
    expect(names(blobs)).toEqual(['original', 'source.json']);
  });

  it.each(['', ' \n\t', new Uint8Array()])('refuses an empty document', async (content) => {
    const { subject, blobs } = intake(accepted);
    await expect(subject.accept({ ...push, arrival: { content } })).rejects.toMatchObject({
      code: 'empty_document',
    });
    expect(blobs.keys).toEqual([]);
  });

  it('makes an id where there is none, which is no part of an idempotent request', async () => {
    const { subject, changes } = intake(accepted);
    const anonymous = { ...push, document: undefined, idempotencyKey: 'k' };
    const [first, second] = [await subject.accept(anonymous), await subject.accept(anonymous)];
    expect(first.document).not.toBe(second.document);
    expect(changes[0]!.idempotency).toEqual(changes[1]!.idempotency);
  });

  it('removes the source that nothing refers to', async () => {
    const { subject, blobs } = intake(async ({ document, source }) => ({
      ...{ document, version: 1, state: 'indexed', outcome: 'duplicate', spare: source },
    }));
    await subject.accept(push);
    expect(blobs.keys).toEqual([]);
  });

  it('stores the source again when a delete came between', async () => {
    const deletedAt = now + 5_000;
    const { subject, blobs, changes } = intake(async (change) =>
      change.at < deletedAt ? { outcome: 'before-delete', deletedAt } : accepted(change),
    );
    await subject.accept(push);
    expect(changes.map(({ at }) => at)).toEqual([now, deletedAt]);
    expect(blobs.keys).toEqual([changes[1]!.source]);
    expect(folderTime(blobs.keys[0]!.replace('source.json', ''))).toBe(deletedAt);
  });

  it('takes the source back when the key was used for another request', async () => {
    const { subject, blobs, woken } = intake(async () => {
      throw new MillraceError('idempotency_conflict');
    });
    await expect(subject.accept(push)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    expect(blobs.keys).toEqual([]);
    expect(woken).toEqual([]);
  });

  it('leaves the source where it cannot know whether the version was registered', async () => {
    const { subject, blobs } = intake(async () => {
      throw new MillraceError('dependency_unavailable');
    });
    await expect(subject.accept(push)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(names(blobs)).toEqual(['source.json']);
  });
});

describe('taking a record in again', () => {
  const place = { partition: 0, offset: 5, timestamp: 1_005 };
  const record = { ...push, event: { key: 'E', requestHash: 'E', place } };
  const away = (): Promise<never> => Promise.reject(new MillraceError('dependency_unavailable'));

  it('stores it where the attempt before did, and elsewhere what is another', async () => {
    const { subject, blobs } = intake(away);
    const others = [
      { ...record, arrival: { content: 'changed' } },
      { ...record, event: { ...record.event, place: { ...place, offset: 6 } } },
    ];
    for (const one of [record, record, ...others, ...others, record])
      await expect(subject.accept(one)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(names(blobs)).toEqual(['source.json', 'source.json', 'source.json']);
  });

  it('keeps what an attempt before registered without hearing so, and removes what nobody knows', async () => {
    let answer: Accept = away;
    const { subject, blobs, changes, known } = intake((change) => answer(change));
    const repeated: Accept = async ({ document, source: spare }) => ({
      ...{ document, version: 1, state: 'accepted', outcome: 'repeated', spare },
    });
    for (const isKnown of [true, false]) {
      answer = away;
      await expect(subject.accept(record)).rejects.toThrow();
      if (isKnown) known.add(changes.at(-1)!.source);
      answer = repeated;
      await subject.accept(record);
    }
    expect(blobs.keys).toEqual([...known]);
  });

  it('leaves one folder, too, while spares cannot be removed', async () => {
    const { subject, blobs } = intake(async ({ document, source }) => ({
      ...{ document, version: 1, state: 'indexed', outcome: 'duplicate', spare: source },
    }));
    const failing = vi.spyOn(blobs, 'deleteAll').mockImplementation(away);
    for (let n = 0; n < 3; n++) await expect(subject.accept(record)).rejects.toThrow();
    expect(names(blobs)).toEqual(['source.json']);
    failing.mockRestore();
    await subject.accept(record);
    expect(blobs.keys).toEqual([]);
  });
});

it.each([
  [{ outcome: 'duplicate', state: 'deleted' }, 1],
  [{ outcome: 'duplicate', state: 'accepted' }, 0],
  [{ outcome: 'accepted', state: 'accepted' }, 0],
])('a repeated delete takes along what the first may have left: %j', async (withdrawal, times) => {
  const { subject, erased } = intake(accepted, withdrawal);
  await subject.withdraw({ tenant: 'acme', document: 'a', by: { name: 'user:ann' } });
  expect(erased).toEqual(
    Array.from({ length: times }, () => ({ tenant: 'acme', document: 'a', version: 2 })),
  );
});
