import { calls } from '@millrace/contracts';
import type { Caller } from '@millrace/platform';
import { cosine, unrelated, type Vector } from '../grounding/unrelated.ts';

/** A sentence and the document that it stands in. */
export interface Told {
  readonly text: string;
  readonly document: string;
}

/** How close sentences are to a question in meaning. */
export class Meaning {
  private reference: { readonly model: string; readonly vectors: readonly Vector[] } | undefined;

  constructor(private readonly caller: Caller) {}

  /** 0 (unrelated) to 1 (the same), one a sentence. */
  async of(
    question: string,
    sentences: readonly Told[],
    tenant: string,
    signal: AbortSignal,
  ): Promise<number[]> {
    const texts = sentences.map(({ text }) => text);
    const documents = sentences.map(({ document }) => document);
    const [asked, told] = await Promise.all([
      this.caller.call(calls.embedTexts, { texts: [question], kind: 'query', tenant }, { signal }),
      this.caller.call(calls.embedTexts, { texts, documents, kind: 'passage', tenant }, { signal }),
    ]);
    const query = asked.vectors[0]!;
    const likeness = (vectors: readonly Vector[]) => vectors.map((vector) => cosine(vector, query));
    const nothing = likeness(await this.unrelatedVectors(asked.model, signal));
    const base = nothing.reduce((sum, value) => sum + value, 0) / nothing.length;
    const range = Math.max(1 - base, Number.EPSILON);
    return likeness(told.vectors).map((value) => Math.max(0, (value - base) / range));
  }

  private async unrelatedVectors(model: string, signal: AbortSignal): Promise<readonly Vector[]> {
    if (this.reference?.model !== model) {
      const { vectors } = await this.caller.call(
        calls.embedTexts,
        { texts: unrelated, kind: 'passage' },
        { signal },
      );
      this.reference = { model, vectors };
    }
    return this.reference.vectors;
  }
}
