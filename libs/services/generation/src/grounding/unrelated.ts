import { calls, type CallOutput } from '@millrace/contracts';
import type { Caller } from '@millrace/platform';

export type Vector = CallOutput<typeof calls.embedTexts>['vectors'][number];

/**
 * Sentences about nothing in particular. Models differ in how alike unrelated texts look to them (cosines of .06 or of
 * .77): what a question has in common with these is taken for nothing.
 */
export const unrelated = [
  'The bus leaves from the other side of the street.',
  'Stir the flour into the milk until it is smooth.',
  'They agreed to meet again in the following week.',
  'Leaves turn red and yellow late in the year.',
];

/** Of vectors of unit length. */
export const cosine = (a: Vector, b: Vector): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);

/** How alike questions and passages look to a model that have nothing in common: worked out once for each model. */
export class UnrelatedCosine {
  private known: { readonly model: string; readonly cosine: number } | undefined;

  constructor(private readonly caller: Caller) {}

  /** Undefined while another model serves than this. @param model fingerprint */
  async of(model: string, signal: AbortSignal): Promise<number | undefined> {
    if (this.known?.model !== model) this.known = await this.workedOut(signal);
    return this.known.model === model ? this.known.cosine : undefined;
  }

  private async workedOut(signal: AbortSignal) {
    const [asked, told] = await Promise.all(
      (['query', 'passage'] as const).map((kind) =>
        this.caller.call(calls.embedTexts, { texts: unrelated, kind }, { signal }),
      ),
    );
    const cosines = asked!.vectors.flatMap((query, of) =>
      told!.vectors.filter((_, at) => at !== of).map((passage) => cosine(query, passage)),
    );
    const model = asked!.model === told!.model ? asked!.model : '';
    return { model, cosine: cosines.reduce((sum, value) => sum + value, 0) / cosines.length };
  }
}
