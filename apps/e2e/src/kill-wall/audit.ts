import type { DocumentStatus, SearchResult } from '@millrace/contracts';
import type { Client } from '../client.ts';
import type { Operation } from './sender.ts';
import { markIn, nameOf } from './texts.ts';

/** Each with the document and what is wrong with it. */
export interface Faults {
  readonly lost: string[];
  readonly duplicated: string[];
  readonly mixed: string[];
  readonly resurrected: string[];
  readonly unfinished: string[];
}

/** Compares what is there with what was acknowledged. */
export class Audit {
  private readonly faults: Faults = { lost: [], duplicated: [], mixed: [], resurrected: [], unfinished: [] };

  /** @param journal the operations on each document, in the order in which they were tried */
  constructor(
    private readonly client: Client,
    private readonly journal: ReadonlyMap<string, readonly Operation[]>,
  ) {}

  /** @param listed all documents that the registry lists */
  async run(listed: readonly DocumentStatus[]): Promise<Faults> {
    const statuses = new Map(listed.map((status) => [status.id, status]));
    if (statuses.size < listed.length)
      this.faults.duplicated.push(`the list: ${listed.length} entries of ${statuses.size} documents`);
    for (const [id, log] of this.journal) {
      const acknowledged = log.findLast((operation) => operation.acknowledged);
      if (!acknowledged) continue;
      const status = statuses.get(id);
      if (!status) this.faults.lost.push(`${id}: acknowledged, unknown now`);
      // Only what was tried after the last acknowledgement may have changed it since.
      else await this.judge(status, acknowledged, log.slice(log.indexOf(acknowledged)));
    }
    return this.faults;
  }

  private async judge(
    status: DocumentStatus,
    acknowledged: Operation,
    possible: readonly Operation[],
  ): Promise<void> {
    const { id, state, version, reason } = status;
    if (!['indexed', 'deleted'].includes(state))
      this.faults.unfinished.push(`${id}: ${state} ${reason?.code ?? ''}`);
    if (version < (acknowledged.version ?? 1))
      this.faults.lost.push(`${id}: version ${version} after ${acknowledged.version}`);
    // Its name finds it by terms, among all others; by vectors it may be far down.
    for (const mode of ['sparse', 'dense'] as const) {
      const found = await this.client.search(nameOf(id), {
        mode,
        top_k: 50,
        ...(mode === 'dense' && { filter: { id } }),
      });
      const hits = found.filter(({ document_id }) => document_id === id);
      const name = `${id} (${mode})`;
      if (state === 'deleted') this.judgeDeleted(name, hits, possible);
      else this.judgeVisible(name, status, hits, possible);
    }
  }

  private judgeDeleted(name: string, hits: readonly SearchResult[], possible: readonly Operation[]): void {
    if (hits.length > 0) this.faults.resurrected.push(`${name}: ${hits.length} hits`);
    if (!possible.some(({ kind }) => kind === 'delete')) this.faults.lost.push(`${name}: deleted by nobody`);
  }

  private judgeVisible(
    name: string,
    { version, chunks }: DocumentStatus,
    hits: readonly SearchResult[],
    possible: readonly Operation[],
  ): void {
    const { lost, mixed, duplicated } = this.faults;
    const contents = new Set(hits.map(contentOf));
    if (hits.length < chunks) lost.push(`${name}: ${hits.length} hits of ${chunks} chunks`);
    if (hits.length > chunks || new Set(hits.map(({ start }) => start)).size < hits.length)
      duplicated.push(`${name}: ${hits.length} hits of ${chunks} chunks`);
    if (contents.size > 1 || hits.some((hit) => hit.version !== version))
      mixed.push(`${name}: ${[...contents].join()}`);
    if (!possible.some((one) => one.kind === 'put' && contents.has(contentBy(one))))
      lost.push(`${name}: shows ${[...contents].join()}, acknowledged was ${contentBy(possible[0]!)}`);
  }
}

/** Which put's text and metadata these are. */
const contentBy = ({ mark, edition }: Pick<Operation, 'mark' | 'edition'>): string => `${mark}/${edition}`;
export const contentOf = ({ text, metadata }: SearchResult): string =>
  contentBy({ mark: markIn(text), edition: Number(metadata?.['edition']) });
