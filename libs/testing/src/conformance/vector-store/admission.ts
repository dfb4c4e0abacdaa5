import type { Filter, FilterCondition, Metadata } from '@millrace/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSeed, seedNote } from '../seed.ts';
import { documents, randomUnit, type Bench } from './fixtures.ts';

/** Who finds what: tenants, access lists, metadata filters. */
export function admissionChecks(bench: () => Promise<Bench>): void {
  describe('admission', () => {
    it('never shows one tenant what another has', async () => {
      const on = await bench();
      const vector = randomUnit();
      await on.put(on.of('mine'), { vector });
      await on.put(on.of('theirs', 1, 'tenant-b'), { vector });
      for (const query of [{ vector }, { terms: ['everywhere'] }, { vector, terms: ['everywhere'] }]) {
        expect(documents(await on.search(query))).toEqual(['mine']);
        expect(documents(await on.search({ ...query, tenant: 'tenant-b' }))).toEqual(['theirs']);
        expect(await on.search({ ...query, tenant: 'tenant-c' })).toEqual([]);
        expect(await on.search({ ...query, filter: { id: 'theirs' } })).toEqual([]);
      }
    });

    it('does not let one tenant change another’s scores', async () => {
      const on = await bench();
      for (const [index, terms] of [['mill', 'race'], ['race', 'stone', 'x'], ['grain']].entries())
        await on.put(on.of(`d${index}`), { terms });
      const query = { vector: randomUnit(), terms: ['mill', 'race', 'stone'] };
      const before = await on.search(query);
      for (let index = 0; index < 10; index++)
        await on.put(on.of(`d${index}`, 1, 'tenant-b'), { terms: ['mill', 'mill', 'stone', 'y', 'z'] });
      expect(await on.search(query)).toEqual(before);
    });

    it('scores alike for every reader: words count where an access list hides them, too', async () => {
      const on = await bench();
      await on.put(on.of('open'), { terms: ['mill', 'race'] });
      for (let index = 0; index < 3; index++)
        await on.put(on.of(`secret${index}`), { terms: ['mill', 'stone'], acl: ['user:ann'] });
      const scoreFor = async (access: string[]) =>
        (await on.search({ terms: ['mill'], access })).find(({ document }) => document === 'open')!.score;
      expect(await scoreFor([])).toBe(await scoreFor(['user:ann']));
    });

    it('shows a restricted chunk only to who is named', async () => {
      const on = await bench();
      await on.put(on.of('open'), {});
      await on.put(on.of('ann'), { acl: ['user:ann'] });
      await on.put(on.of('staff'), { acl: ['group:staff', 'user:ann'] });
      const seenBy = async (...access: string[]): Promise<string[]> => {
        const dense = documents(await on.search({ vector: randomUnit(), access })).sort();
        expect(documents(await on.everything({ access })).sort()).toEqual(dense);
        return dense;
      };
      expect(await seenBy()).toEqual(['open']);
      expect(await seenBy('user:bob')).toEqual(['open']);
      expect(await seenBy('user:ann')).toEqual(['ann', 'open', 'staff']);
      expect(await seenBy('user:bob', 'group:staff')).toEqual(['open', 'staff']);
      expect(await seenBy('user:an')).toEqual(['open']);
    });

    it('does not mix chunks of one document that are restricted differently', async () => {
      const on = await bench();
      await on.put(on.of('guide'), { acl: ['user:ann'] }, {}, { metadata: { part: 2 } });
      expect((await on.everything()).map(({ ordinal }) => ordinal).sort()).toEqual([1, 2]);
      expect((await on.everything({ filter: { part: 2 } })).map(({ ordinal }) => ordinal)).toEqual([2]);
    });

    it('admits before it cuts: a few admitted chunks among many nearer ones are found', async () => {
      const on = await bench();
      const vector = randomUnit();
      for (let index = 0; index < 40; index++)
        await on.put(on.of(`near${index}`), { vector, terms: ['mill', 'mill'] });
      const far = { vector: vector.map((value) => -value), terms: ['mill', 'a', 'b', 'c'] };
      await on.put(on.of('far'), { ...far, metadata: { pick: true }, acl: ['user:ann'] });
      const limits = { limit: 1, candidates: 1, access: ['user:ann'], filter: { pick: true } };
      expect(documents(await on.search({ vector, ...limits }))).toEqual(['far']);
      expect(documents(await on.search({ terms: ['mill'], ...limits }))).toEqual(['far']);
      expect(documents(await on.search({ vector, terms: ['mill'], ...limits }))).toEqual(['far']);
    });

    it('forgets the metadata and access lists of older versions', async () => {
      const on = await bench();
      await on.put(on.of('guide', 1), { metadata: { team: 'a' }, acl: ['user:ann'] });
      await on.put(on.of('guide', 2), { metadata: { team: 'b' }, acl: ['user:bob'] });
      expect(await on.everything({ access: ['user:ann'] })).toEqual([]);
      expect(await on.everything({ access: ['user:bob'], filter: { team: 'a' } })).toEqual([]);
      expect(await on.everything({ access: ['user:bob'], filter: { team: 'b' } })).toHaveLength(1);
    });

    it('reads a filter’s names as names, whatever they look like', async () => {
      const on = await bench();
      await on.put(on.of('guide'), {
        metadata: { 'a.b': "x'; DROP TABLE chunk; --", id: 'not the document' },
      });
      expect(await on.everything({ filter: { 'a.b': "x'; DROP TABLE chunk; --" } })).toHaveLength(1);
      expect(await on.everything({ filter: { id: 'not the document' } })).toEqual([]);
      expect(await on.everything({ filter: { id: 'guide' } })).toHaveLength(1);
      expect(await on.everything({ filter: { "b'": 1, 'a.b': { exists: true } } })).toEqual([]);
    });

    it(`filters by every operator, however nested, as a look at every document does (${seedNote})`, async () => {
      const on = await bench();
      const records = fc.sample(anyMetadata, { numRuns: 48, seed: runSeed });
      const expected = new Map(records.map((metadata, index) => [`d${index}`, metadata]));
      for (const [document, metadata] of expected) await on.put(on.of(document), { metadata });
      await fc.assert(
        fc.asyncProperty(anyFilter, async (filter) => {
          const admitted = [...expected]
            .filter(([id, metadata]) => matches(filter, id, metadata))
            .map(([id]) => id);
          expect(new Set(documents(await on.everything({ filter })))).toEqual(new Set(admitted));
          const dense = await on.search({ vector: randomUnit(), limit: 48, filter });
          expect(new Set(documents(dense))).toEqual(new Set(admitted));
        }),
        { numRuns: 200, seed: runSeed },
      );
    });
  });
}

const strings = ['red', 'green', 'blue', 'Red', 'grün', ''];
const numbers = [-2, -0.5, 0, 1, 1.5, 2, 3];
/** Text is compared by range only as ISO dates. */
const dates = ['2023-05-01', '2024-01-31', '2024-02-01', '2025-12-24'];

const anyMetadata: fc.Arbitrary<Metadata> = fc.record(
  {
    color: fc.constantFrom(...strings),
    size: fc.constantFrom(...numbers),
    open: fc.boolean(),
    mixed: fc.oneof(fc.constantFrom(...numbers), fc.constantFrom(...strings), fc.boolean()),
    tags: fc.uniqueArray(fc.constantFrom(...strings), { maxLength: 3 }),
    day: fc.constantFrom(...dates),
  },
  { requiredKeys: [] },
);

const anyScalar = fc.oneof(fc.constantFrom(...numbers), fc.constantFrom(...strings), fc.boolean());
const someScalars = fc.array(anyScalar, { minLength: 1, maxLength: 4 });
const anyKey = fc.constantFrom('color', 'size', 'open', 'mixed', 'tags', 'absent');

const anyCondition: fc.Arbitrary<Filter> = fc.oneof(
  fc.tuple(anyKey, anyScalar).map(([key, value]) => ({ [key]: value })),
  fc.tuple(anyKey, someScalars).map(([key, any]) => ({ [key]: { any } })),
  fc
    .tuple(fc.oneof({ weight: 2, arbitrary: fc.constant('tags') }, anyKey), someScalars)
    .map(([key, all]) => ({ [key]: { all } })),
  fc.tuple(someScalars, someScalars).map(([all, any]) => ({ tags: { all, any } })),
  fc.tuple(anyKey, fc.boolean()).map(([key, exists]) => ({ [key]: { exists } })),
  fc.tuple(fc.constantFrom('size', 'mixed', 'absent'), range(fc.constantFrom(...numbers))).map(asFilter),
  fc.tuple(fc.constant('day'), range(fc.constantFrom(...dates))).map(asFilter),
  fc.nat({ max: 50 }).map((index) => ({ id: `d${index}` })),
  fc
    .array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 5 })
    .map((all) => ({ id: { any: all.map((n) => `d${n}`) } })),
);

function range<T>(bound: fc.Arbitrary<T>): fc.Arbitrary<Partial<Record<'gte' | 'gt' | 'lte' | 'lt', T>>> {
  const low = fc.oneof(
    bound.map((gte) => ({ gte })),
    bound.map((gt) => ({ gt })),
    fc.constant({}),
  );
  const high = fc.oneof(
    bound.map((lte) => ({ lte })),
    bound.map((lt) => ({ lt })),
  );
  return fc.tuple(low, high).map(([from, to]) => ({ ...from, ...to }));
}

function asFilter([key, condition]: [string, FilterCondition]): Filter {
  return { [key]: condition };
}

const { filter: anyFilter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    anyCondition,
    fc.tuple(anyCondition, anyCondition).map(([one, other]) => ({ ...one, ...other })),
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map(($and) => ({ $and })),
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map(($or) => ({ $or })),
    tie('filter').map(($not) => ({ $not })),
    fc.tuple(anyCondition, tie('filter')).map(([condition, $not]) => ({ ...condition, $not })),
  ),
}));

/** What the contract says of a filter, read literally. */
function matches(filter: Filter, id: string, metadata: Metadata): boolean {
  const record: Readonly<Record<string, unknown>> = { ...metadata, id };
  return Object.entries(filter).every(([key, value]) => {
    if (key === '$and') return (value as Filter[]).every((inner) => matches(inner, id, metadata));
    if (key === '$or') return (value as Filter[]).some((inner) => matches(inner, id, metadata));
    if (key === '$not') return !matches(value as Filter, id, metadata);
    const items = [record[key] ?? []].flat();
    return holds(value as FilterCondition, items);
  });
}

function holds(condition: FilterCondition, items: readonly unknown[]): boolean {
  if (typeof condition !== 'object') return items.includes(condition);
  const { exists, all, any, gte, gt, lte, lt } = condition;
  if (exists !== undefined && exists !== items.length > 0) return false;
  if (!(all?.every((value) => items.includes(value)) ?? true)) return false;
  if (Object.keys(condition).every((key) => key === 'exists' || key === 'all')) return true;
  return items.some(
    (item) =>
      (any?.includes(item as string) ?? true) &&
      compares(gte, item, (limit, value) => value >= limit) &&
      compares(gt, item, (limit, value) => value > limit) &&
      compares(lte, item, (limit, value) => value <= limit) &&
      compares(lt, item, (limit, value) => value < limit),
  );
}

function compares(
  limit: string | number | undefined,
  item: unknown,
  test: (limit: string | number, value: string | number) => boolean,
): boolean {
  return limit === undefined || (typeof item === typeof limit && test(limit, item as string | number));
}
