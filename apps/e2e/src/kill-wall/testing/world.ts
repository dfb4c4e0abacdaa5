import type { SearchResult } from '@millrace/contracts';
import { v5 as uuid } from 'uuid';
import type { Client, Letter } from '../../client.ts';
import type { Listed } from '../registry-flaws.ts';
import type { Operation } from '../sender.ts';
import { textFor } from '../texts.ts';
import { History, type Way } from './history.ts';

type Written = Pick<Operation, 'mark' | 'edition'>;

/** A chunk in the index: what it says, and what it is found by. */
export interface IndexedChunk {
  readonly shows: SearchResult;
  terms: string;
  /** The text that its vector was made of, where it has one. */
  vectorOf: string | undefined;
}

/** What an audit can see of Millrace: all right at first, to be spoilt. */
export class World implements Pick<Client, 'search' | 'deadLetters'> {
  readonly journal = new Map<string, Operation[]>();
  readonly listed: Listed[] = [];
  readonly index: IndexedChunk[] = [];
  readonly letters: Letter[] = [];
  /** Queries so far. */
  readonly asked: string[] = [];
  private editions = 0;

  constructor(readonly way: Way) {}

  /** Adds a document with what was done to it. */
  document(id: string, act: (history: History) => History): this {
    const { journal, version, last } = act(new History(this.way, () => ++this.editions));
    this.journal.set(id, journal);
    if (last?.kind === 'delete') this.withdraw(id, version);
    if (last?.kind === 'put') this.show(id, version, last);
    return this;
  }

  /** Lists and indexes a document as what a put wrote. */
  show(id: string, version: number, put: Written): void {
    const chunks = chunksOf(id, version, put);
    this.remove(id);
    this.listed.push({ id, version, state: 'indexed', chunks: chunks.length, live_version: version });
    this.index.push(...chunks);
  }

  /** Lists it as deleted. */
  withdraw(id: string, version: number): void {
    this.remove(id);
    this.listed.push({ id, version, state: 'deleted', chunks: 0 });
  }

  /** Takes it out of the list and the index. */
  remove(id: string): void {
    this.listed.splice(0, Infinity, ...this.listed.filter((status) => status.id !== id));
    this.reindex(id, []);
  }

  /** Other chunks in the place of its own. */
  reindex(id: string, chunks: readonly IndexedChunk[]): void {
    const others = this.index.filter(({ shows }) => shows.document_id !== id);
    this.index.splice(0, Infinity, ...others, ...chunks);
  }

  /** A letter of one of its versions, or of an event about it. */
  giveUp(document: string, version?: number): void {
    const reason = { code: 'internal', message: 'it failed' };
    const letter = { id: uuid(`${document}@${version}`, namespace), tenant: 'default', attempts: 7, reason };
    const subject = version === undefined ? undefined : { tenant: 'default', document, version };
    const place = { key: `default/${document}`, origin: 'documents.v1', at: '2026-11-30T12:00:00Z' };
    this.letters.push({ ...letter, ...place, ...(subject && { subject }) });
  }

  status(id: string): Listed {
    return this.listed.find((status) => status.id === id)!;
  }

  chunks(id: string): IndexedChunk[] {
    return this.index.filter(({ shows }) => shows.document_id === id);
  }

  /** The nth put of its journal. */
  putOf(id: string, n: number): Operation {
    return this.journal.get(id)!.filter(({ kind }) => kind === 'put')[n]!;
  }

  async search(
    query: string,
    { mode, top_k, filter }: Record<string, unknown> = {},
  ): Promise<SearchResult[]> {
    this.asked.push(query);
    const among = filter ? this.chunks((filter as { id: string }).id) : this.index;
    return among
      .filter(({ terms, vectorOf }) => (mode === 'sparse' ? terms.includes(query) : vectorOf !== undefined))
      .map(({ shows, vectorOf }) => ({ ...shows, score: mode === 'dense' && vectorOf !== query ? 0.8 : 1 }))
      .sort((a, b) => b.score - a.score)
      .slice(0, Number(top_k));
  }

  async deadLetters(): Promise<Letter[]> {
    return this.letters;
  }
}

const namespace = '5d3c9c6e-70b4-4f86-9a53-0f6f3bb2a9a1';

/** The chunks that a put's text becomes: one for each part. */
export function chunksOf(id: string, version: number, { mark, edition }: Written): IndexedChunk[] {
  const parts = textFor(id, mark).matchAll(/# Part [^#]*/g);
  return [...parts].map(({ 0: part, index: start }) => {
    const text = part.trimEnd();
    const place = { document_id: id, version, start, end: start + text.length };
    const chunk_id = uuid(`${id}@${version}/${start}`, namespace);
    const shows = { ...place, chunk_id, text, score: 0, headings: [], metadata: { edition } };
    return { shows, terms: text, vectorOf: text };
  });
}
