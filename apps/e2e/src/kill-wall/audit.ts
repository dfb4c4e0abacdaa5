import type { SearchResult } from '@millrace/contracts';
import type { Client } from '../client.ts';
import type { Faults, Flaw } from './faults.ts';
import { isAtRest, registryFlaws, type Listed } from './registry-flaws.ts';
import { searchFlaws } from './search-flaws.ts';
import type { Operation, Sender } from './sender.ts';
import { Standing } from './standing.ts';
import { nameOf } from './texts.ts';
import { vectorFlaws } from './vector-flaws.ts';
import { wordFlaws } from './word-flaws.ts';

/** Documents whose vectors are looked at: each chunk takes a search and the model's time. */
const mostByVector = 200;

/** Compares what is there with what was sent and what was acknowledged. */
export class Audit {
  private readonly faults: Faults = { lost: [], duplicated: [], mixed: [], resurrected: [], unfinished: [] };

  /** @param journal the operations on each document, in the order in which they were tried */
  constructor(
    private readonly client: Pick<Client, 'search' | 'deadLetters'>,
    private readonly journal: ReadonlyMap<string, readonly Operation[]>,
    private readonly sender: Pick<Sender, 'deletesUnknown'>,
  ) {}

  /** @param listed all documents that the registry lists */
  async run(listed: readonly Listed[]): Promise<Faults> {
    const statuses = new Map(listed.map((status) => [status.id, status]));
    if (statuses.size < listed.length)
      this.faults.duplicated.push(`the list: ${listed.length} entries of ${statuses.size} documents`);
    for (const id of new Set([...this.journal.keys(), ...statuses.keys()]))
      await this.judge(id, statuses.get(id));
    const shown = listed.filter(({ state }) => state === 'indexed');
    for (const { id } of evenly(shown, mostByVector)) await this.judgeVectors(id);
    await this.judgeLetters(statuses);
    return this.faults;
  }

  /** One that nobody pushed has no journal. */
  private async judge(id: string, status: Listed | undefined): Promise<void> {
    const standing = new Standing(this.journal.get(id) ?? [], this.sender);
    this.note(id, [...standing.flaws, ...registryFlaws(status, standing)]);
    if (status && !isAtRest(status)) return;
    const shown = status?.state === 'indexed' ? status : undefined;
    const puts = standing.makersOf(status?.version ?? 0).filter(({ kind }) => kind === 'put');
    for (const mode of ['sparse', 'dense'] as const) {
      const hits = await this.find(id, mode);
      this.note(`${id} (${mode})`, searchFlaws({ id, shown, puts, hits }));
      const own = hits.filter(({ document_id }) => document_id === id);
      if (shown && mode === 'sparse') this.note(id, await wordFlaws(this.client, own));
    }
  }

  private async judgeVectors(id: string): Promise<void> {
    this.note(id, await vectorFlaws(this.client, await this.find(id, 'dense')));
  }

  /** Once all has come to rest, nothing that was given up is left to be replayed. */
  private async judgeLetters(statuses: ReadonlyMap<string, Listed>): Promise<void> {
    for (const { key, subject, reason } of await this.client.deadLetters()) {
      const status = subject && statuses.get(subject.document);
      const isTold = status?.state === 'dead-lettered' && status.version === subject?.version;
      const about = subject ? `version ${subject.version}` : 'an event';
      if (!isTold)
        this.note(key ?? 'no key', [['unfinished', `a letter of ${about} is left: ${reason.code}`]]);
    }
  }

  /** Its name finds it by terms, among all others; by vectors it may be far down. */
  private find(id: string, mode: 'sparse' | 'dense'): Promise<SearchResult[]> {
    return this.client.search(nameOf(id), {
      ...{ mode, top_k: 50 },
      ...(mode === 'dense' && { filter: { id } }),
    });
  }

  private note(name: string, flaws: readonly Flaw[]): void {
    for (const [fault, what] of flaws) this.faults[fault].push(`${name}: ${what}`);
  }
}

/** All, or so many that lie evenly among them. */
function evenly<T>(all: readonly T[], most: number): T[] {
  const length = Math.min(most, all.length);
  return Array.from({ length }, (_, n) => all[Math.floor((n * all.length) / length)]!);
}
