import type { TermTotals } from '@millrace/ports';
import type { Collection } from '../collection/collection.ts';
import { all, is } from '../filter/conditions.ts';

/** What was counted of a tenant, from one moment on. */
interface Counts {
  readonly since: number;
  readonly totals: Promise<TermTotals>;
  readonly having: Map<number, Promise<number>>;
}

/** How many chunks there are, and how many have each of the terms. */
export interface TermCounts {
  readonly totals: TermTotals;
  readonly having: readonly number[];
}

const maxTenants = 1_000;
const maxTermsEach = 10_000;
/** More lengths than there are: the longest that counts is 4,095. */
const allLengths = 5_000;

/**
 * How many chunks a tenant has, how long they are, and how many have a term: counted by Qdrant, used again for a few
 * seconds; but none is counted anew each time, or the first chunk with a word could not be found by it. Chunks that are
 * staged count as well until they are published or taken away.
 */
export class TermStatistics {
  private readonly counts = new Map<string, Counts>();

  constructor(private readonly freshMs: number) {}

  async count(collection: Collection, tenant: string, terms: readonly number[]): Promise<TermCounts> {
    const counts = await this.read(collection, tenant, terms);
    if (counts.having.every((count) => count <= counts.totals.chunks)) return counts;
    // The totals are of a time when there was less, or another collection: a term would weigh less than nothing.
    this.forget(collection.name, tenant);
    return this.read(collection, tenant, terms);
  }

  /** After the tenant's chunks changed; without a tenant, after all of the collection did. */
  forget(collection: string, tenant?: string): void {
    if (tenant !== undefined) return void this.counts.delete(keyOf(collection, tenant));
    for (const key of this.counts.keys()) if (key.startsWith(keyOf(collection, ''))) this.counts.delete(key);
  }

  private async read(collection: Collection, tenant: string, terms: readonly number[]): Promise<TermCounts> {
    const [totals, ...having] = await Promise.all([
      this.of(collection, tenant).totals,
      ...terms.map((term) => this.having(collection, tenant, term)),
    ]);
    return { totals, having };
  }

  private having(collection: Collection, tenant: string, term: number): Promise<number> {
    const { having } = this.of(collection, tenant);
    const known = having.get(term);
    if (known) return known;
    const counted = countHaving(collection, tenant, term);
    if (having.size < maxTermsEach) having.set(term, counted);
    const drop = () => void having.delete(term);
    counted.then((count) => count === 0 && drop(), drop);
    return counted;
  }

  private of(collection: Collection, tenant: string): Counts {
    const key = keyOf(collection.name, tenant);
    const known = this.counts.get(key);
    if (known && performance.now() - known.since < this.freshMs) return known;
    const counts = { since: performance.now(), totals: countAll(collection, tenant), having: new Map() };
    const drop = () => void this.counts.delete(key);
    counts.totals.then(({ chunks }) => chunks === 0 && drop(), drop);
    this.counts.delete(key);
    this.counts.set(key, counts);
    if (this.counts.size > maxTenants) this.counts.delete(this.counts.keys().next().value!);
    return counts;
  }
}

const keyOf = (collection: string, tenant: string): string => `${collection}/${tenant}`;

async function countAll(collection: Collection, tenant: string): Promise<TermTotals> {
  const request = { key: 'length', filter: all(is('tenant', tenant)), limit: allLengths, exact: true };
  const { hits } = await collection.run((client, name) => client.facet(name, request));
  return {
    chunks: hits.reduce((sum, { count }) => sum + count, 0),
    terms: hits.reduce((sum, { value, count }) => sum + Number(value) * count, 0),
  };
}

async function countHaving(collection: Collection, tenant: string, term: number): Promise<number> {
  const request = { filter: all(is('tenant', tenant), is('terms', term)), exact: true };
  const { count } = await collection.run((client, name) => client.count(name, request));
  return count;
}
