import { describe, expect, it } from 'vitest';
import { metadataCondition } from './metadata-filter.ts';

const nothing = { must: [{ has_id: [] }] };
const isFact = (value: string) => ({ key: 'facts', match: { value } });

describe('metadataCondition', () => {
  it('looks values up as facts of their own type', () => {
    expect(metadataCondition({ team: 'search', open: true, size: 1 })).toEqual({
      must: [isFact('["team","search"]'), isFact('["open",true]'), isFact('["size",1]')],
    });
  });

  it('nests', () => {
    expect(metadataCondition({ $or: [{ a: 1 }, { $not: { b: { exists: true } } }] })).toEqual({
      must: [
        { should: [{ must: [isFact('["a",1]')] }, { must: [{ must_not: [{ must: [isFact('["b"]')] }] }] }] },
      ],
    });
  });

  it('compares numbers and dates in the payload, under any name', () => {
    expect(metadataCondition({ 'a.b': { gte: 1, lt: 3 }, id: { gt: '2024-01-31' } })).toEqual({
      must: [
        { key: 'metadata."a.b"', range: { gte: 1, lt: 3 } },
        { key: 'document', range: { gt: '2024-01-31' } },
      ],
    });
  });

  it('finds nothing where nothing can be', () => {
    expect(metadataCondition({ 'a"b': { gte: 1 } })).toEqual({ must: [nothing] });
    expect(metadataCondition({ a: { gte: 1, lt: '2024-01-31' } })).toEqual({ must: [nothing] });
    expect(metadataCondition({ a: { any: [1, 'x'], gt: 5 } })).toEqual({ must: [nothing] });
  });

  it('wants every value that is to be there, and one that is within bounds', () => {
    expect(metadataCondition({ a: { all: [1, 'x'], gte: 5 } })).toEqual({
      must: [isFact('["a",1]'), isFact('["a","x"]'), { key: 'metadata."a"', range: { gte: 5 } }],
    });
  });

  it('keeps of a list what the bounds admit', () => {
    expect(metadataCondition({ a: { any: [1, 7, true, 'x'], gt: 5 } })).toEqual({
      must: [{ key: 'facts', match: { any: ['["a",7]'] } }],
    });
  });

  it.each(['search', '2024', '2024-13-45', ''])('refuses %j as the bound of a range', (gte) => {
    expect(() => metadataCondition({ a: { gte } })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });
});
