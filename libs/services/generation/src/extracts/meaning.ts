import { calls, type CallOutput } from '@millrace/contracts';
import type { Caller } from '@millrace/platform';

type Vector = CallOutput<typeof calls.embedTexts>['vectors'][number];

/**
 * Sentences about nothing in particular. Models differ in how alike unrelated texts look to them (cosines of .06 or of
 * .77): what a question has in common with these is taken for nothing.
 */
const unrelated = [
  'The bus leaves from the other side of the street.',
  'Stir the flour into the milk until it is smooth.',
  'They agreed to meet again in the following week.',
  'Leaves turn red and yellow late in the year.',
];

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

/** Of vectors of unit length. */
const cosine = (a: Vector, b: Vector): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0);
