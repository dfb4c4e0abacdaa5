import { MillraceError } from '@millrace/contracts';
import {
  answerWith,
  MockBackEnd,
  playOf,
  silence,
  stream,
  textClassifierConformance,
} from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpClassifier, type HttpClassifierOptions } from './http-classifier.ts';

const secret = 'ck-test-1234567890';
const judged = (categories: object, category_scores: object) => ({
  id: 'modr-1',
  results: [{ flagged: true, categories, category_scores }],
});

textClassifierConformance('HttpClassifier', async () => {
  const server = new MockBackEnd(answerWith(200, judged({ hate: true }, { hate: 0.9, violence: 0.1 })));
  const classifier = new HttpClassifier({ baseUrl: await server.listen() });
  const dispose = async () => {
    await classifier.close();
    await server.close();
  };
  return { open: async () => classifier, dispose };
});

let backEnd: MockBackEnd;
let url: string;
let classifier: HttpClassifier;

const connect = (options: Partial<HttpClassifierOptions> = {}): HttpClassifier =>
  (classifier = new HttpClassifier({ baseUrl: url, apiKey: secret, ...options }));

beforeEach(async () => {
  backEnd = new MockBackEnd(answerWith(404));
  url = await backEnd.listen();
  connect();
});
afterEach(async () => {
  await classifier.close();
  await backEnd.close();
});

const soon = () => Date.now() + 5_000;
const failure = async (deadline = soon(), signal?: AbortSignal): Promise<MillraceError> => {
  const thrown: unknown = await classifier
    .classify({ text: 'a' }, { deadline, signal })
    .catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(MillraceError);
  return thrown as MillraceError;
};

describe('a classifier behind HTTP', () => {
  it('is asked as OpenAI is, and judges the categories that policies know it to judge', async () => {
    backEnd.next(
      answerWith(
        200,
        judged({ hate: true, violence: false, illicit: true }, { hate: 0.91, violence: 2, sexual: 'x' }),
      ),
    );
    const scores = await classifier.classify({ text: 'words' }, { deadline: soon() });
    expect(scores.map(({ category }) => category)).toEqual(classifier.categories);
    const of = (name: string) => scores.find(({ category }) => category === name);
    expect(of('hate')).toEqual({ category: 'hate', score: 0.91, found: true });
    expect(of('violence')).toEqual({ category: 'violence', score: 1, found: false });
    expect(of('sexual')).toEqual({ category: 'sexual', score: 0, found: false });
    const [{ path, body, authorization }] = backEnd.requests as [(typeof backEnd.requests)[number]];
    expect({ path, authorization }).toEqual({ path: '/v1/moderations', authorization: `Bearer ${secret}` });
    expect(JSON.parse(body)).toEqual({ input: 'words' });
  });

  it('is asked for the model that is set, and for no more of a text than it reads', async () => {
    connect({ model: 'omni-moderation-latest' });
    backEnd.next(answerWith(200, judged({}, {})));
    await classifier.classify({ text: 'x'.repeat(9_000) }, { deadline: soon() });
    const { model, input } = JSON.parse(backEnd.requests[0]!.body) as { model: string; input: string };
    expect([model, input.length]).toEqual(['omni-moderation-latest', classifier.maxChars]);
  });

  it.each([
    ['an error', answerWith(500, { error: { message: 'no' } })],
    ['a refusal', answerWith(400, { error: { message: 'no' } })],
    ['no result', answerWith(200, { results: [] })],
    ['another shape', answerWith(200, { results: [{ categories: [], category_scores: 1 }] })],
    ['no JSON', answerWith(200)],
  ])('is away where it answers with %s', async (_, play) => {
    backEnd.next(play);
    expect((await failure()).code).toBe('classifier_unavailable');
  });

  it('is late when its time is over, and let go of when nobody waits', async () => {
    backEnd.next(playOf(() => stream(silence)));
    expect((await failure(Date.now() + 50)).code).toBe('deadline_exceeded');
    expect((await failure(Date.now() - 1)).code).toBe('deadline_exceeded');
    const leaving = new AbortController();
    backEnd.next(playOf(() => stream(silence)));
    setTimeout(() => leaving.abort(), 30);
    expect((await failure(soon(), leaving.signal)).code).toBe('cancelled');
  });
});
