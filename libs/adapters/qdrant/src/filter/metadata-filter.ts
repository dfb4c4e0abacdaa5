import { MillraceError, type Filter as MetadataFilter, type FilterCondition } from '@millrace/contracts';
import { fact, presence } from '../points/facts.ts';
import { all, is, isAny, not, nothing, some, within, type Condition } from './conditions.ts';

type Scalar = string | number | boolean;
type Bounds = Partial<Record<'gte' | 'gt' | 'lte' | 'lt', string | number>>;

const isoDate = /^\d{4}-\d{2}-\d{2}(?:[T ].*)?$/;

/**
 * A filter of the contract as Qdrant's. Equality, `any`, `all` and `exists` are looked up in the index over `facts`; ranges are
 * compared chunk by chunk in the payload. Throws `invalid_request` for a text bound that is no ISO date.
 */
export function metadataCondition(filter: MetadataFilter): Condition {
  return all(...Object.entries(filter).flatMap(([key, value]) => entryConditions(key, value)));
}

function entryConditions(key: string, value: MetadataFilter[string]): Condition[] {
  if (value === undefined) return [];
  if (key === '$and') return (value as MetadataFilter[]).map(metadataCondition);
  if (key === '$or') return [some((value as MetadataFilter[]).map(metadataCondition))];
  if (key === '$not') return [not(metadataCondition(value as MetadataFilter))];
  return fieldConditions(key, value as FilterCondition);
}

function fieldConditions(key: string, condition: FilterCondition): Condition[] {
  if (typeof condition !== 'object') return [isFact(fact(key, condition))];
  const { exists, any, all: each = [], ...bounds } = condition;
  const present = isFact(presence(key));
  return [
    ...(exists === undefined ? [] : [exists ? present : not(present)]),
    ...each.map((value) => isFact(fact(key, value))),
    ...itemConditions(key, any, given(bounds)),
  ];
}

/** One item of the value must pass them all. */
function itemConditions(key: string, any: readonly Scalar[] | undefined, bounds: Bounds): Condition[] {
  const limits = Object.values(bounds);
  if (any)
    return [isAnyFact(any.filter((value) => isWithin(value, bounds)).map((value) => fact(key, value)))];
  return limits.length === 0 ? [] : [rangeCondition(key, bounds)];
}

function rangeCondition(key: string, bounds: Bounds): Condition {
  const limits = Object.values(bounds);
  const ofText = limits.filter((limit) => typeof limit === 'string');
  if (ofText.some((limit) => !isoDate.test(limit) || Number.isNaN(Date.parse(limit))))
    throw new MillraceError('invalid_request', {
      detail: 'texts are compared by range only as ISO dates',
      param: `filter.${key}`,
    });
  const path = pathOf(key);
  if (path === undefined || (ofText.length > 0 && ofText.length < limits.length)) return nothing;
  return within(path, bounds as Record<string, number>);
}

/** Undefined for a name that no metadata can have: a path cannot quote a quotation mark. */
function pathOf(key: string): string | undefined {
  if (key === 'id') return 'document';
  return key.includes('"') ? undefined : `metadata."${key}"`;
}

const isFact = (value: string): Condition => is('facts', value);
const isAnyFact = (values: readonly string[]): Condition =>
  values.length === 0 ? nothing : isAny('facts', values);

const given = (bounds: { [K in keyof Bounds]?: Bounds[K] | undefined }): Bounds =>
  Object.fromEntries(Object.entries(bounds).filter(([, limit]) => limit !== undefined));

const holds: Record<keyof Bounds, (value: Scalar, limit: Scalar) => boolean> = {
  gte: (value, limit) => value >= limit,
  gt: (value, limit) => value > limit,
  lte: (value, limit) => value <= limit,
  lt: (value, limit) => value < limit,
};

const isWithin = (value: Scalar, bounds: Bounds): boolean =>
  (Object.entries(bounds) as [keyof Bounds, string | number][]).every(
    ([bound, limit]) => typeof value === typeof limit && holds[bound](value, limit),
  );
