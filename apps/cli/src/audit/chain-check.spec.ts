import { createHash } from 'node:crypto';
import { chainStart, hashedText, type AuditEntry, type AuditHead } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { ChainCheck } from './chain-check.ts';

const hashOf = (entry: object): string => createHash('sha256').update(hashedText(entry)).digest('hex');

function chain(length: number, tenant = 'acme'): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let sequence = 1; sequence <= length; sequence++) {
    const entry = {
      ...{
        tenant,
        sequence,
        at: '2026-03-01T12:00:00.000Z',
        actor: { name: 'user:ann' },
        action: 'key.create',
      },
      ...{
        object: `key:${sequence}`,
        outcome: 'done',
        details: {},
        previous: entries.at(-1)?.hash ?? chainStart,
      },
    };
    entries.push({ ...entry, hash: hashOf(entry) });
  }
  return entries;
}

const headOf = (entries: readonly AuditEntry[]): AuditHead => {
  const { tenant, sequence, hash } = entries.at(-1)!;
  return { tenant, sequence, hash };
};

function misfitOf(entries: readonly AuditEntry[], head = headOf(chain(5))): unknown {
  const check = new ChainCheck(head);
  for (const entry of entries) check.take(entry);
  check.end();
  return check.misfit && [check.misfit.sequence, check.misfit.why];
}

const change = (at: number, more: Partial<AuditEntry>): AuditEntry[] =>
  chain(5).map((entry) => (entry.sequence === at ? { ...entry, ...more } : entry));

/** As somebody who knows how entries are hashed would change one. */
function rehashed(at: number, more: Partial<AuditEntry>): AuditEntry[] {
  return change(at, more).map((entry) => (entry.sequence === at ? { ...entry, hash: hashOf(entry) } : entry));
}

describe('a chain', () => {
  it('fits as it was written, and when it has grown since', () => {
    expect(misfitOf(chain(5))).toBeUndefined();
    expect(misfitOf(chain(7))).toBeUndefined();
  });

  it('fits with fields that a newer server writes', () => {
    const entry = { ...chain(1)[0]!, policy: 'v2' };
    const written = [{ ...entry, hash: hashOf(entry) }];
    expect(misfitOf(written, headOf(written))).toBeUndefined();
    expect(misfitOf([entry], headOf(written))).toEqual([1, expect.stringContaining('changed')]);
  });

  it.each([
    { at: '2026-03-01T12:00:00.001Z' },
    { actor: { name: 'user:bob' } },
    { actor: { name: 'user:ann', key: 'k' } },
    { action: 'key.revoke' },
    { object: 'key:9' },
    { outcome: 'refused' },
    { details: { n: 1 } },
    { hash: 'f'.repeat(64) },
  ])('does not fit at an entry that was changed: %j', (more) => {
    expect(misfitOf(change(3, more))).toEqual([3, 'it does not have its hash: it was changed']);
  });

  it('does not fit behind an entry that was changed with its hash', () => {
    expect(misfitOf(rehashed(3, { object: 'key:9' }))).toEqual([
      4,
      'it does not follow from the entry before',
    ]);
  });

  it('does not fit where the last entry was changed with its hash, and not the head', () => {
    expect(misfitOf(rehashed(5, { object: 'key:9' }))).toEqual([
      5,
      'it is not the one that the head of the chain names',
    ]);
  });

  it.each([
    ['removed', (all: AuditEntry[]) => all.toSpliced(2, 1), 3, 'entry 4 is in its place'],
    ['removed at the start', (all: AuditEntry[]) => all.slice(1), 1, 'entry 2 is in its place'],
    ['written twice', (all: AuditEntry[]) => all.toSpliced(2, 0, all[1]!), 3, 'entry 2 is in its place'],
    [
      'put elsewhere',
      (all: AuditEntry[]) => [...all.slice(0, 2), all[3]!, all[2]!, all[4]!],
      3,
      'entry 4 is',
    ],
    [
      'put between',
      (all: AuditEntry[]) => all.toSpliced(2, 0, { ...all[2]!, object: 'key:x' }),
      3,
      'changed',
    ],
    [
      'of another tenant',
      (all: AuditEntry[]) => all.with(2, chain(3, 'other')[2]!),
      3,
      'another chain (other)',
    ],
    ['cut off', (all: AuditEntry[]) => all.slice(0, 3), 4, 'missing: the chain was 5 entries long'],
  ])('does not fit where an entry was %s', (_, tamper, place, why) => {
    expect(misfitOf(tamper(chain(5)))).toEqual([place, expect.stringContaining(why)]);
  });

  it('finds the hashes that were noted before, and not one that is gone', () => {
    const all = chain(5);
    const wanted = new Set([all[4]!.hash, all[2]!.hash]);
    const check = new ChainCheck(headOf(all), wanted);
    for (const entry of all.slice(0, 4)) check.take(entry);
    expect([...wanted]).toEqual([all[4]!.hash]);
  });

  it('that was written anew from some entry on fits in itself, but not with a hash that was noted', () => {
    const noted = new Set([chain(5)[4]!.hash]);
    const anew: AuditEntry[] = [];
    for (const { hash: _, ...entry } of chain(5)) {
      const changed = { ...entry, object: 'key:new', previous: anew.at(-1)?.hash ?? chainStart };
      anew.push({ ...changed, hash: hashOf(changed) });
    }
    const check = new ChainCheck(headOf(anew), noted);
    for (const entry of anew) expect(check.take(entry)).toBe(true);
    expect(noted.size).toBe(1);
  });
});
