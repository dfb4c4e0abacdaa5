import type { EventData, events } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { moderationEntry } from './moderation-trail.ts';

type Completed = EventData<typeof events.answerCompleted>;

const completed = (findings: Completed['findings'], more: Partial<Completed> = {}): Completed => ({
  ...{ tenant: 'acme', requestId: 'r-1', outcome: 'complete', model: 'm', backend: 'b', findings },
  usage: { promptTokens: 1, completionTokens: 1, estimated: false },
  ...{ millis: { total: 1 }, sources: [], answer: '0198f3a0-0000-7000-8000-000000000000' },
  ...{ at: '2026-03-01T12:00:00.000Z', ...more },
});
const output = (category: string, action: 'flag' | 'redact' | 'block') =>
  ({ direction: 'output', category, action }) as const;

describe('the entry of a moderated answer', () => {
  it('says what was done to it and why, and counts what was only flagged', () => {
    expect(moderationEntry(completed([output('pii/card', 'redact'), output('hate', 'flag')]))).toEqual({
      ...{ tenant: 'acme', at: Date.parse('2026-03-01T12:00:00Z'), actor: { name: 'moderation' } },
      ...{ action: 'answer.moderate', object: 'answer:0198f3a0-0000-7000-8000-000000000000' },
      outcome: 'redacted',
      details: { answer: 'complete', findings: [output('pii/card', 'redact')], flagged: 1 },
    });
  });

  it('is of a block where anything was blocked', () => {
    const both = [output('pii/card', 'redact'), output('self-harm', 'block')];
    const event = completed(both, { outcome: 'suppressed' });
    expect(moderationEntry(event)).toMatchObject({ outcome: 'blocked', details: { findings: both } });
  });

  it.each([
    ['nothing was found', []],
    ['it was only flagged', [output('hate', 'flag')]],
    ['nobody said what was done', [{ direction: 'output', category: 'hate' } as const]],
    ['an earlier version said nothing of it', undefined],
  ])('is not there where %s', (_, findings) => {
    expect(moderationEntry(completed(findings))).toBeUndefined();
  });

  it('goes by the request where an earlier version gave the answer no id', () => {
    expect(moderationEntry(completed([output('a', 'block')], { answer: undefined }))).toMatchObject({
      object: 'request:r-1',
    });
  });
});
