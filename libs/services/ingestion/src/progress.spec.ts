import type { DeadLetter, DocumentState } from '@millrace/contracts';
import type { EventPublisher, Logger } from '@millrace/platform';
import type { DeadLetterRecord, KeptVersion, Registry, Step } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import type { BlobKeeper } from './blob-keeper.ts';
import { Progress } from './progress.ts';

const name = { tenant: 'acme', document: 'a' };
const letterOf = (version: number, code: string): DeadLetter => ({
  ...{ reason: { code, message: 'Why.' }, attempts: 1, origin: 'ingestion.document.accepted.v1' },
  ...{ subject: { ...name, version }, at: '2026-01-01T00:00:00.000Z', key: 'acme/a' },
  payload: { json: { source: 'acme/a/1/source.json' } },
});

/** A document whose versions stand in these states, and what becomes of it. */
function desk(...states: DocumentState[]) {
  const steps: Step[] = [];
  const letters: DeadLetterRecord[] = [];
  const warnings: string[] = [];
  const dropped: string[] = [];
  const versions = states.map((state, n) => ({ ...name, version: n + 1, state, operation: 'upsert' }));
  const registry = {
    documents: {
      versions: async () => versions as KeptVersion[],
      advance: async (step: Step) => (steps.push(step), true),
    },
    deadLetters: {
      record: async (letter: DeadLetterRecord) => {
        const state = versions.find(({ version }) => version === letter.subject?.version)?.state;
        const kept = state !== undefined && state !== 'indexed' && state !== 'deleted';
        if (kept) letters.push(letter);
        return kept;
      },
    },
  } as unknown as Registry;
  const keeper = {
    dropIfGone: async (_: unknown, blob: string) => void dropped.push(blob),
  } as unknown as BlobKeeper;
  const logger = { warn: (_: unknown, line: string) => void warnings.push(line) } as unknown as Logger;
  const progress = new Progress(registry, { now: () => 5 }, keeper, {} as EventPublisher, logger);
  return { progress, steps, letters, warnings, dropped };
}

describe('a version whose data is gone', () => {
  it.each(['accepted', 'parsed', 'embedded'] as const)(
    'is let go quietly from %s when a newer one has come',
    async (state) => {
      const { progress, steps, letters, warnings, dropped } = desk(state, 'accepted');
      await progress.deadLettered(letterOf(1, 'version_gone'));
      expect(steps).toEqual([{ ...name, version: 1, state: 'deleted', at: 5 }]);
      expect([letters, warnings]).toEqual([[], []]);
      expect(dropped).toEqual(['acme/a/1/source.json']);
    },
  );

  it.each([
    ['is off the record', 2, [] as DocumentState[]],
    ['was overtaken already', 1, ['deleted', 'indexed'] as DocumentState[]],
    ['is what searches see', 1, ['indexed', 'accepted'] as DocumentState[]],
  ])('changes nothing when it %s', async (_, version, states) => {
    const { progress, steps, letters, warnings } = desk(...states);
    await progress.deadLettered(letterOf(version, 'version_gone'));
    expect([steps, letters, warnings]).toEqual([[], [], []]);
  });

  it('is a dead letter, with a warning, when it is the newest', async () => {
    const { progress, steps, letters, warnings } = desk('indexed', 'accepted');
    await progress.deadLettered(letterOf(2, 'version_gone'));
    expect(letters).toMatchObject([{ subject: { version: 2 }, reason: { code: 'version_gone' } }]);
    expect(warnings).toEqual(['dead-lettered']);
    expect(steps).toEqual([]);
  });
});

it('a version that failed otherwise is a dead letter, however many newer ones there are', async () => {
  const { progress, steps, letters } = desk('accepted', 'accepted');
  await progress.deadLettered(letterOf(1, 'unreadable_document'));
  expect(letters).toMatchObject([{ subject: { version: 1 } }]);
  expect(steps).toEqual([]);
});
