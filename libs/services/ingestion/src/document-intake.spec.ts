import { MillraceError, type EventData, type EventSpec } from '@millrace/contracts';
import type { AcceptedVersion, BeforeDelete, NewVersion, Registry } from '@millrace/ports';
import type { EventPublisher } from '@millrace/platform';
import { describe, expect, it } from 'vitest';
import { folderTime } from './blob-keys.ts';
import { DocumentIntake } from './document-intake.ts';
import type { OutboxRelay } from './outbox-relay.ts';
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
function intake(accept: Accept) {
  const blobs = new BlobsInMemory();
  const changes: NewVersion[] = [];
  const woken: string[] = [];
  const documents = {
    accept: (change: NewVersion) => {
      changes.push(change);
      return accept(change);
    },
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
  );
  return { subject, blobs, changes, woken };
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
