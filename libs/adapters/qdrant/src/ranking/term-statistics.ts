import type { TermTotals } from '@millrace/ports';
import type { Collection } from '../collection/collection.ts';
import { all, is } from '../filter/conditions.ts';

/** What was counted of a tenant, from one moment on. */
interface Counts {
  readonly since: number;
  readonly totals: Promise<TermTotals>;
  readonly having: Map<number, Promise<number>>;
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

  totals(collection: Collection, tenant: string): Promise<TermTotals> {
    return this.of(collection, tenant).totals;
  }

  having(collection: Collection, tenant: string, term: number): Promise<number> {
    const { having } = this.of(collection, tenant);
    const known = having.get(term);
    if (known) return known;
    const counted = countHaving(collection, tenant, term);
    if (having.size < maxTermsEach) having.set(term, counted);
    const drop = () => void having.delete(term);
    counted.then((count) => count === 0 && drop(), drop);
    return counted;
  }

  /** After the tenant's chunks changed. */
  forget(collection: Collection, tenant: string): void {
    this.counts.delete(keyOf(collection, tenant));
  }

  private of(collection: Collection, tenant: string): Counts {
    const key = keyOf(collection, tenant);
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

const keyOf = (collection: Collection, tenant: string): string => `${collection.name}/${tenant}`;

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
