import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { fieldTable, typeName } from './fields.ts';
import { duration, pattern, table } from './markdown.ts';

describe('table', () => {
  it('keeps bars and line breaks of cells from breaking it', () => {
    expect(table(['A'], [['a | b\n c']])).toBe('| A |\n| --- |\n| a \\| b c |');
  });
});

describe('pattern', () => {
  it('shows a key function as what it makes', () => {
    expect(pattern((data: { tenant: string; id: string }) => `${data.tenant}/${data.id}`)).toBe(
      '{tenant}/{id}',
    );
  });
});

describe('duration', () => {
  it.each([
    [500, '500 ms'],
    [1500, '1.5 s'],
    [180_000, '3 min'],
  ])('%d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));
});

describe('typeName', () => {
  it.each([
    [z.coerce.number().int().min(1).max(9), 'integer (1 to 9)'],
    [z.int(), 'integer'],
    [z.enum(['a', 'b']), '`"a"` or `"b"`'],
    [z.array(z.string()).max(3), 'list of string (up to 3)'],
    [z.union([z.boolean(), z.enum(['true', 'false'])]), 'boolean'],
  ])('of a schema in words', (schema, text) => expect(typeName(schema)).toBe(text));
});

describe('fieldTable', () => {
  it('lists nested fields with their path and marks what may be left out', () => {
    const schema = z.object({
      list: z.array(z.object({ a: z.string() })),
      inner: z.object({ b: z.int().default(3) }),
    });
    expect(fieldTable(schema, 'input', 'none').split('\n').slice(2)).toEqual([
      '| `list` | list of object |  |',
      '| `list[].a` | string |  |',
      '| `inner` | object |  |',
      '| `inner.b` (optional) | integer | Default `3`. |',
    ]);
  });
});
