import { Inject, Injectable } from '@nestjs/common';
import { calls, type SearchResult } from '@millrace/contracts';
import { Caller } from '@millrace/platform';
import { estimateTokens, type AnswerPart, type Source } from './answer-part.ts';
import { candidatesIn, scoreOf, select, wordSupport, type Candidate } from './extracts.ts';

/** The model name under which extracts are asked for. */
export const extractiveModel = 'millrace-extractive';

const budget = { sentences: 3, words: 110 };

export interface Extracts {
  readonly sources: readonly Source[];
  readonly parts: readonly AnswerPart[];
}

/** Answers without a language model: the best supported sentences of the documents, each cited, and labelled as extracts. */
@Injectable()
export class ExtractiveAnswerer {
  constructor(@Inject(Caller) private readonly caller: Caller) {}

  async answer(question: string, passages: readonly SearchResult[], signal: AbortSignal): Promise<Extracts> {
    const candidates = candidatesIn(passages);
    if (candidates.length === 0) return extracts(question, []);
    const scores = await this.score(question, candidates, passages.length, signal);
    return extracts(question, select(candidates, scores, budget));
  }

  private async score(
    question: string,
    candidates: readonly Candidate[],
    passages: number,
    signal: AbortSignal,
  ): Promise<number[]> {
    const words = wordSupport(question, candidates);
    const meaning = await this.meaning(question, candidates, signal);
    return candidates.map(({ rank }, index) =>
      scoreOf({ words: words[index]!, meaning: meaning[index]!, place: 1 - rank / passages }),
    );
  }

  /** Cosine of each sentence to the question. */
  private async meaning(
    question: string,
    candidates: readonly Candidate[],
    signal: AbortSignal,
  ): Promise<number[]> {
    const [asked, told] = await Promise.all([
      this.caller.call(calls.embedTexts, { texts: [question], kind: 'query' }, { signal }),
      this.caller.call(
        calls.embedTexts,
        { texts: candidates.map(({ text }) => text), kind: 'passage' },
        { signal },
      ),
    ]);
    const query = asked.vectors[0]!;
    return told.vectors.map((vector) => vector.reduce((sum, value, index) => sum + value * query[index]!, 0));
  }
}

function extracts(question: string, chosen: readonly Candidate[]): Extracts {
  const sources = chosen.map(toSource);
  const texts =
    sources.length === 0
      ? ['Your documents say nothing about this. Push documents that do, or ask in other words.']
      : [
          'From the documents:\n\n',
          ...sources.map(({ index, passage }) => `- ${passage.text.replace(/\s+/g, ' ')} [${index}]\n`),
        ];
  const usage = {
    promptTokens: estimateTokens(question.length),
    completionTokens: estimateTokens(texts.join('').length),
    estimated: true,
  };
  const parts = texts.map((text): AnswerPart => ({ type: 'text', text }));
  return { sources, parts: [...parts, { type: 'end', reason: 'stop', usage }] };
}

const toSource = ({ passage, text, start, end }: Candidate, position: number): Source => ({
  index: position + 1,
  passage: { ...passage, text, start, end },
});
