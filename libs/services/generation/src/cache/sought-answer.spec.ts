import { describe, expect, it } from 'vitest';
import { numberSources } from '../model/prompt.ts';
import { passage } from '../testing/answering.ts';
import { soughtAnswer, type AnswerBasis } from './sought-answer.ts';

const messages = [{ role: 'user' as const, content: 'Who built the mill?' }];
const usual = { isRenewed: false };
const routed = { candidates: [['first', 'host', 'm-1']] };
const other = { ...passage, document_id: 'tides', chunk_id: '00000000-0000-5000-8000-000000000001' };

const basisOf = (passages: AnswerBasis['passages'], more: Partial<AnswerBasis> = {}): AnswerBasis => ({
  ...{ tenant: 'acme', policy: 'p', request: { messages, temperature: 0 }, isText: false, routed },
  ...{
    question: 'Who built the mill?',
    embedding: 'e',
    prompt: {},
    passages,
    sources: numberSources(passages ?? [], 1000),
  },
  ...more,
});
const keyOf = (basis: AnswerBasis): string => soughtAnswer(basis, usual).key;
const model = basisOf([passage]);
const extracts = basisOf([passage], { routed: undefined });

describe('two questions have the same answer', () => {
  it('where only what no back end sees is another', () => {
    const asked = {
      stream: true,
      service_tier: 'flex' as const,
      stream_options: {},
      millrace: { retrieval: {} },
    };
    const same = {
      ...model,
      request: { ...model.request, ...asked },
      question: 'In other words',
      embedding: 'f',
    };
    expect(keyOf(same)).toBe(keyOf(model));
    const scored = [{ ...passage, score: 0.1, metadata: { a: 1 } }];
    expect(keyOf(basisOf(scored))).toBe(keyOf(model));
  });

  it.each<[string, AnswerBasis]>([
    ['the tenant', { ...model, tenant: 'other' }],
    ['the policy', { ...model, policy: 'q' }],
    ['what was said', { ...model, request: { ...model.request, messages: [...messages, ...messages] } }],
    ['what it is told with the sources', { ...model, prompt: { instructions: 'In verse.' } }],
    ['a parameter', { ...model, request: { ...model.request, seed: 1 } }],
    ['the name of the model', { ...model, request: { ...model.request, model: 'm' } }],
    ['who may be asked', { ...model, routed: { candidates: [['second', 'host', 'm-1']] } }],
    ['that a text is continued', { ...model, isText: true }],
    ['a version', basisOf([{ ...passage, version: 3 }])],
    ['a passage', basisOf([{ ...passage, chunk_id: other.chunk_id }])],
    ['how much of a passage there is', basisOf([{ ...passage, start: 41, text: passage.text.slice(1) }])],
    ['how many passages', basisOf([passage, other])],
    ['that nothing was found', basisOf([])],
    ['that nothing was looked up', basisOf(undefined)],
    ['that extracts answer', extracts],
  ])('not where %s is another', (_, basis) => {
    expect(keyOf(basis)).not.toBe(keyOf(model));
  });

  it('not where the order of passages is another', () => {
    expect(keyOf(basisOf([passage, other]))).not.toBe(keyOf(basisOf([other, passage])));
  });

  it.each<[string, Partial<AnswerBasis>]>([
    ['the question in full', { question: 'Who burnt the mill?' }],
    ['the embedding model', { embedding: 'f' }],
    ['a limit', { request: { messages, temperature: 0, max_tokens: 6 } }],
  ])('not where, for extracts, %s is another', (_, more) => {
    expect(keyOf({ ...extracts, ...more })).not.toBe(keyOf(extracts));
  });
});

it('one that is being made is shared by those who give it the same time', () => {
  const making = (budgetMs?: number) => soughtAnswer(model, { isRenewed: false, budgetMs }).making;
  expect(making(3000)).toBe(making(3000));
  expect(new Set([making(), making(1), making(3000)]).size).toBe(3);
});

it('an answer is owned by each document that it is made from, and by that version', () => {
  const basis = basisOf([passage, other, { ...passage, chunk_id: 'more' }]);
  expect(soughtAnswer(basis, usual).owners).toEqual([
    ...['acme/mill', '2@acme/mill', 'acme/tides', '2@acme/tides'],
  ]);
});

it('a source that a language model is not given owns nothing', () => {
  const basis = {
    ...basisOf([passage, other]),
    sources: numberSources([passage, other], passage.text.length),
  };
  expect(soughtAnswer(basis, usual).owners).toEqual(['acme/mill', '2@acme/mill']);
});

it('a key begins with its tenant', () => {
  expect(keyOf(model)).toMatch(/^answer\/acme\/[\w-]{43}$/);
});
