import type { SearchResult } from '@millrace/contracts';
import type { Flaw } from './faults.ts';
import type { Listed } from './registry-flaws.ts';
import type { Operation } from './sender.ts';
import { textFlaws } from './text-flaws.ts';
import { markIn, nameOf, textFor } from './texts.ts';

/** A search for the name of a document. */
export interface Searched {
  readonly id: string;
  /** Where the registry says that it can be found. */
  readonly shown: Listed | undefined;
  /** One of them is what it was last; none where nobody knows. */
  readonly puts: readonly Operation[];
  readonly hits: readonly SearchResult[];
}

/** What is wrong with what was found. */
export function searchFlaws({ id, shown, puts, hits }: Searched): Flaw[] {
  const own = hits.filter(({ document_id }) => document_id === id);
  return [...strangeFlaws(id, hits), ...(shown ? shownFlaws(shown, puts, own) : absenceFlaws(own))];
}

/** Others that do not have the name share a word's number with it: in Qdrant it has 32 bits. */
function strangeFlaws(id: string, hits: readonly SearchResult[]): Flaw[] {
  const others = hits.filter((hit) => hit.document_id !== id && hit.text.includes(nameOf(id)));
  return others.length > 0 ? [['mixed', `is in ${listOf(others, (hit) => hit.document_id)} as well`]] : [];
}

const absenceFlaws = (hits: readonly SearchResult[]): Flaw[] =>
  hits.length > 0 ? [['resurrected', `${hits.length} hits`]] : [];

const shownFlaws = (status: Listed, puts: readonly Operation[], hits: readonly SearchResult[]): Flaw[] => [
  ...countFlaws(hits.length, status.chunks),
  ...(isMixed(hits) ? [['mixed', shownBy(hits)] as const] : contentFlaws(status, puts, hits)),
];

function countFlaws(hits: number, chunks: number): Flaw[] {
  if (hits === chunks) return [];
  return [[hits < chunks ? 'lost' : 'duplicated', `${hits} hits of ${chunks} chunks`]];
}

/** Whether these hits of one document are not all of one version, with the text and metadata of that version. */
export const isMixed = (hits: readonly SearchResult[]): boolean =>
  new Set(hits.map(contentOf)).size > 1 || new Set(hits.map(versionOf)).size > 1;

export const shownBy = (hits: readonly SearchResult[]): string =>
  `shows ${listOf(hits, contentOf)} of version ${listOf(hits, versionOf)}`;

function contentFlaws(
  { id, version }: Listed,
  puts: readonly Operation[],
  hits: readonly SearchResult[],
): Flaw[] {
  const [first] = hits;
  const put = first ? puts.find((one) => contentBy(one) === contentOf(first)) : puts[0];
  if (!put)
    return puts.length > 0 ? [['lost', `${shownBy(hits)}, due is ${puts.map(contentBy).join()}`]] : [];
  const flaws = textFlaws(textFor(id, put.mark), hits);
  return first && first.version !== version
    ? [['mixed', `${shownBy(hits)}, the registry has ${version}`], ...flaws]
    : flaws;
}

/** Which put's text and metadata these are. */
const contentBy = ({ mark, edition }: Pick<Operation, 'mark' | 'edition'>): string => `${mark}/${edition}`;
const contentOf = ({ text, metadata }: SearchResult): string =>
  contentBy({ mark: markIn(text), edition: Number(metadata?.['edition']) });
const versionOf = ({ version }: SearchResult): number => version;

const listOf = (hits: readonly SearchResult[], part: (hit: SearchResult) => unknown): string =>
  [...new Set(hits.map(part))].join();
