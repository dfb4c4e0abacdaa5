import type { Generator } from './generator.ts';

/**
 * What a request may ask for beyond an answer in words: to call tools, to look at pictures, to answer as a JSON schema says;
 * to continue a text, and to fill the gap before a suffix.
 */
export const capabilities = ['tools', 'vision', 'json', 'completions', 'suffix'] as const;
export type Capability = (typeof capabilities)[number];

/** A language model that may answer, and when it is asked. Where there is none, answers are extracts of the documents. */
export interface BackEnd {
  /** As operators and callers call it. */
  readonly name: string;
  readonly generator: Generator;
  /** The models it is asked for by name; undefined: any that no other one has. */
  readonly models?: readonly string[] | undefined;
  /** Names of ours for some of its models; several back ends may share one. */
  readonly aliases?: Readonly<Record<string, string>> | undefined;
  /** Undefined: all of them. */
  readonly capabilities?: readonly Capability[] | undefined;
  /** Its share of what several could answer; 0: only what no other can. */
  readonly weight: number;
  readonly price?: Price | undefined;
}

/** For a million tokens, in the currency of the operator's choice. */
export interface Price {
  readonly prompt: number;
  readonly completion: number;
}
