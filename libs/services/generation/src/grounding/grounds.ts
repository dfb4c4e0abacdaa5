import type { Citation, Groundedness } from '@millrace/contracts';
import { groundednessOf } from '@millrace/text';
import type { Source } from '../answers/answer-part.ts';

export interface Grounds {
  readonly groundedness: Groundedness | undefined;
  /** Of each citation, whether its passage bears out its sentence. */
  readonly supported: readonly { readonly supported: boolean }[];
}

/**
 * How far its sources bear out an answer that has ended.
 * @param content as it left, which offsets of citations count in
 * @param removed numbers in markers that named no source
 */
export function groundsOf(
  content: string,
  sources: readonly Source[],
  citations: readonly Citation[],
  removed: number,
): Grounds {
  const passages = sources.map(({ index, passage, seen }) => ({
    ...{ index, text: seen ?? `${passage.title ?? ''}\n${passage.text}` },
  }));
  const citing = citations.map(({ index, url_citation: { start_index: start, end_index: end } }) => ({
    ...{ index, start, end },
  }));
  const found = groundednessOf(content, passages, citing);
  if (!found) return { groundedness: undefined, supported: [] };
  const { score, sentences, numbers, names, citations: supported } = found;
  const count = citations.length;
  return {
    groundedness: {
      ...{ score: rounded(score), sentences, numbers, names },
      citations: { count, supported: supported.filter(Boolean).length, removed },
    },
    supported: supported.map((each) => ({ supported: each })),
  };
}

/** More digits would say nothing. */
const rounded = (score: number): number => Math.round(score * 1000) / 1000;
