import { calls } from '@millrace/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { answering, type Answering, asked, collect, passage, redactCrane } from '../testing/answering.ts';

let at: Answering;
beforeEach(() => {
  at = answering();
});

describe('an answer by extracts', () => {
  it('is labelled, cited to the sentence, and recorded', async () => {
    const { parts, text, end } = await collect(at.answerer(undefined).answer(asked()));
    expect(parts[0]).toEqual({ type: 'start', model: 'millrace-extractive', generator: 'extractive' });
    expect(text).toContain('From the documents:');
    expect(text).toContain('- The mill was built by Josiah Crane. It grinds spelt. [1]');
    expect(end).toMatchObject({
      reason: 'stop',
      citations: [{ index: 1, document_id: 'mill', start: 40, end: 92 }],
    });
    expect(at.published).toMatchObject([{ outcome: 'complete', backend: 'millrace-extractive' }]);
  });

  it('cites what moderation leaves of a sentence', async () => {
    at.replies.set(calls.moderate, redactCrane);
    const { text, end } = await collect(at.answerer(undefined).answer(asked()));
    expect(text).toContain('- The mill was built by ***. It grinds spelt. [1]');
    expect(end).toMatchObject({
      citations: [{ text: 'The mill was built by ***. It grinds spelt.', start: 40, end: 92 }],
    });
  });

  it('leaves brackets of the documents as they are, and cites by other numbers', async () => {
    const told =
      'The mill `zorb[0]` was built [1] by Crane [9].\n\nThat Crane built the mill [2, 3] is ``` known.';
    at.replies.set(calls.findPassages, () => ({
      results: [{ ...passage, text: told, start: 0, end: told.length }],
    }));
    const { text, end } = await collect(at.answerer(undefined).answer(asked()));
    expect(text).toContain('- The mill `zorb[0]` was built [1] by Crane [9]. [4]\n');
    expect(text).toContain('- That Crane built the mill [2, 3] is ``` known. [5]\n');
    expect(end).toMatchObject({ citations: [{ index: 4 }, { index: 5 }] });
  });

  it('says plainly when nothing was found, and when nothing was looked up', async () => {
    at.replies.set(calls.findPassages, () => ({ results: [] }));
    expect((await collect(at.answerer(undefined).answer(asked()))).text).toContain('say nothing about this');
    const without = asked({ millrace: { retrieval: false } });
    expect((await collect(at.answerer(undefined).answer(without))).text).toContain('no language model');
  });

  it('keeps to max_tokens', async () => {
    const { text, end } = await collect(at.answerer(undefined).answer(asked({ max_tokens: 6 })));
    expect(text).toHaveLength(24);
    expect(end).toMatchObject({ reason: 'length' });
  });

  it('can be asked for where there is a language model', async () => {
    const { parts } = await collect(
      at.answerer(at.backEnd()).answer(asked({ model: 'millrace-extractive' })),
    );
    expect(parts[0]).toMatchObject({ generator: 'extractive' });
    expect(at.requests).toEqual([]);
  });
});
