import type { SQLInputValue } from 'node:sqlite';
import { MillraceError, type Filter, type FilterCondition, type Metadata } from '@millrace/contracts';

/** A condition on `facet.id` with its parameters. */
export interface FacetTest {
  readonly sql: string;
  readonly params: readonly SQLInputValue[];
}

type Scalar = string | number | boolean;
type Range = Exclude<FilterCondition, Scalar>;
type Bound = 'gte' | 'lte' | 'gt' | 'lt';

/** Keeps the statement well below SQLite's limits on parameters (32,766) and length (1 MB). */
const maxParams = 8_192;

/** Throws `invalid_request` when the filter has more conditions than one statement takes. */
export function filterTest(space: number, filter: Filter): FacetTest {
  const test = all(Object.entries(filter).map(([key, value]) => entryTest(space, key, value)));
  if (test.params.length > maxParams)
    throw new MillraceError('invalid_request', {
      detail: 'the filter has too many conditions',
      param: 'filter',
    });
  return test;
}

/** Facets without an access list, or with one that names one of the entries. */
export function accessTest(space: number, entries: readonly string[]): FacetTest {
  const named = `facet.id IN (SELECT facet FROM access WHERE space = ? AND entry IN (SELECT value FROM json_each(?)))`;
  return { sql: `(facet.restricted = 0 OR ${named})`, params: [space, JSON.stringify(entries)] };
}

/** The rows of `fact` that a document's metadata becomes: `id` is the document's, whatever the metadata say. */
export function factsOf(
  document: string,
  metadata: Metadata,
): (readonly [key: string, value: SQLInputValue])[] {
  return Object.entries({ ...metadata, id: document }).flatMap(([key, value]) =>
    [value].flat().map((item) => [key, stored(item)] as const),
  );
}

export const all = (tests: readonly FacetTest[]): FacetTest => join(tests, ' AND ', '1');

const join = (tests: readonly FacetTest[], operator: string, whenEmpty: string): FacetTest => ({
  sql: tests.length === 0 ? whenEmpty : `(${tests.map(({ sql }) => sql).join(operator)})`,
  params: tests.flatMap(({ params }) => params),
});

function entryTest(space: number, key: string, value: Filter[string]): FacetTest {
  const nested = (filters: unknown): FacetTest[] =>
    (filters as Filter[]).map((filter) => filterTest(space, filter));
  if (value === undefined) return all([]);
  if (key === '$and') return all(nested(value));
  if (key === '$or') return join(nested(value), ' OR ', '0');
  if (key === '$not') return not(filterTest(space, value as Filter));
  return conditionTest(space, key, value as FilterCondition);
}

function conditionTest(space: number, key: string, condition: FilterCondition): FacetTest {
  if (typeof condition !== 'object') return hasFact(space, key, [equals([condition])]);
  const { exists, all: each, ...tests } = condition;
  const existence = hasFact(space, key, []);
  const parts = exists === undefined ? [] : [exists ? existence : not(existence)];
  if (each) parts.push(hasEach(space, key, each));
  if (Object.values(tests).some((test) => test !== undefined))
    parts.push(hasFact(space, key, itemTests(tests)));
  return all(parts);
}

/** What one item of the value must pass. */
function itemTests({ any, ...bounds }: Omit<Range, 'exists' | 'all'>): FacetTest[] {
  const limits = Object.entries(bounds) as [Bound, string | number | undefined][];
  return [
    ...(any ? [equals(any)] : []),
    ...limits.flatMap(([bound, limit]) => (limit === undefined ? [] : [within(bound, limit)])),
  ];
}

const hasFact = (space: number, key: string, tests: readonly FacetTest[]): FacetTest => ({
  sql: `facet.id IN (SELECT facet FROM fact WHERE space = ? AND key = ?${tests.map(({ sql }) => ` AND ${sql}`).join('')})`,
  params: [space, key, ...tests.flatMap(({ params }) => params)],
});

/** A facet has a value once at most, so as many rows as there are values are all of them. */
function hasEach(space: number, key: string, values: readonly Scalar[]): FacetTest {
  const distinct = [...new Set(values)];
  const { sql, params } = equals(distinct);
  return {
    sql: `facet.id IN (SELECT facet FROM fact WHERE space = ? AND key = ? AND ${sql} GROUP BY facet HAVING count(*) = ?)`,
    params: [space, key, ...params, distinct.length],
  };
}

const not = ({ sql, params }: FacetTest): FacetTest => ({ sql: `NOT ${sql}`, params });

const equals = (values: readonly Scalar[]): FacetTest => ({
  sql: `value IN (${values.map(() => '?').join(', ')})`,
  params: values.map(stored),
});

const operators: Readonly<Record<Bound, string>> = { gte: '>=', lte: '<=', gt: '>', lt: '<' };

/** Numbers sort before text and text before blobs, so the far end needs a bound as well: a number is never within text. */
function within(bound: Bound, limit: string | number): FacetTest {
  const sameType = typeof limit === 'number' ? "value < ''" : "value >= '' AND value < x''";
  return { sql: `value ${operators[bound]} ? AND ${sameType}`, params: [limit] };
}

/** Booleans as a blob of one byte, so that `true` is not 1. */
const stored = (value: Scalar): SQLInputValue =>
  typeof value === 'boolean' ? Uint8Array.of(value ? 1 : 0) : value;
