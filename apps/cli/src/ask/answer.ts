import type { ChatCompletionChunk, Citation } from '@millrace/contracts';

/** A streamed answer as a whole. */
export interface Answer {
  answer: string;
  model?: string;
  /** `extractive`: sentences of the documents, no language model. */
  generator?: 'extractive' | 'model' | 'none';
  finish_reason?: string;
  /** One for each number in the answer, in the order of the numbers. */
  sources: Citation[];
  usage?: NonNullable<ChatCompletionChunk['usage']>;
}

/** Puts an answer together from its frames. */
export class Asked {
  readonly answer: Answer = { answer: '', sources: [] };

  /** The text that the frame adds. */
  add({ model, choices, usage, millrace }: ChatCompletionChunk): string {
    const { answer } = this;
    answer.model = model;
    if (usage) answer.usage = usage;
    if (millrace) answer.generator = millrace.generator;
    // The frame with the usage has no choice.
    const [choice] = choices;
    if (!choice) return '';
    if (choice.finish_reason) answer.finish_reason = choice.finish_reason;
    for (const citation of choice.delta.annotations ?? []) this.addSource(citation);
    const text = choice.delta.content ?? '';
    answer.answer += text;
    return text;
  }

  /** A source that is cited twice has two annotations. */
  private addSource(citation: Citation): void {
    const { sources } = this.answer;
    if (sources.some(({ index }) => index === citation.index)) return;
    sources.push(citation);
    sources.sort((a, b) => a.index - b.index);
  }
}
