import type { EmbedInput, EmbedOptions, Lane } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { QueryLane } from './query-lane.ts';
import { QuestionsUnderWay } from './questions-under-way.ts';

/** A token a word. */
const prefixes = { query: '', passage: '' };
const modelOf = (name: string) => ({
  model: { name, dims: 1, minDims: 1, prefixes, maxTokens: 512, fingerprint: name },
  countTokens: (texts: readonly string[]) => texts.map((text) => text.split(' ').length),
});
const words = (count: number): string => Array(count).fill('mill').join(' ');

interface Request {
  readonly inputs: readonly EmbedInput[];
  readonly kind?: EmbedOptions['kind'];
  readonly tenant?: string;
  readonly model?: string;
}

/** Those asked stay at work until they are told to end. */
function setting() {
  const queryLane = new QueryLane(new QuestionsUnderWay());
  const atWork: PromiseWithResolvers<void>[] = [];
  const ask = ({ inputs, kind = 'passage', tenant = 'acme', model = 'm' }: Request): Lane => {
    let taken: Lane | undefined;
    void queryLane
      .embed({ embedder: modelOf(model), inputs, kind, tenant }, (lane) => {
        taken = lane;
        const work = Promise.withResolvers<void>();
        atWork.push(work);
        return work.promise;
      })
      .catch(() => undefined);
    return taken!;
  };
  const endAll = async (end: 'resolve' | 'reject'): Promise<void> => {
    for (const work of atWork.splice(0)) work[end]();
    await new Promise(setImmediate);
  };
  return { ask, endAll };
}

describe('the query lane', () => {
  it.each<[string, Request]>([
    ['a short text', { inputs: [words(64)] }],
    ['a few token ids', { inputs: [[5, 6]] }],
    ['several questions', { inputs: [words(20), words(20)], kind: 'query' }],
  ])('takes %s', (_what, request) => {
    expect(setting().ask(request)).toBe('interactive');
  });

  it.each<[string, Request]>([
    ['a text too long for a question, whatever it is called', { inputs: [words(65)], kind: 'query' }],
    ['one of many characters', { inputs: ['m'.repeat(513)] }],
    ['many token ids', { inputs: [Array(65).fill(5)] }],
    ['several passages', { inputs: ['a', 'b'] }],
    ['a test set of questions', { inputs: Array(20).fill(words(10)), kind: 'query' }],
  ])('does not take %s', (_what, request) => {
    expect(setting().ask(request)).toBe('bulk');
  });

  it.each(['resolve', 'reject'] as const)(
    'has a few texts of a tenant at a time, however many come one by one; when they %s, the next',
    async (end) => {
      const { ask, endAll } = setting();
      const flood = () => Array.from({ length: 60 }, () => ask({ inputs: [words(32)] }));
      const fourAndTheRest = [...Array<Lane>(4).fill('interactive'), ...Array<Lane>(56).fill('bulk')];
      expect(flood()).toEqual(fourAndTheRest);
      await endAll(end);
      expect(flood()).toEqual(fourAndTheRest);
    },
  );

  it('has room for the questions of others, and for those to another model', () => {
    const { ask } = setting();
    const question = { inputs: [words(64)] };
    expect([ask(question), ask(question), ask(question)]).toEqual(['interactive', 'interactive', 'bulk']);
    expect(ask({ ...question, tenant: 'other' })).toBe('interactive');
    expect(ask({ ...question, model: 'other' })).toBe('interactive');
  });
});
