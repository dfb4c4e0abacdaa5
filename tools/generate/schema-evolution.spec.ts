import { describe, expect, it } from 'vitest';
import { breakingChanges } from './schema-evolution.ts';

const published = {
  $id: 'mill.ground.v1',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 10 },
    kind: { type: 'string', enum: ['rye', 'oats'] },
    mill: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    sacks: { anyOf: [{ type: 'integer' }, { type: 'array', items: { type: 'integer' } }] },
  },
  required: ['id', 'mill'],
};

/** A copy, changed. */
function changed(change: (schema: typeof published & { properties: Record<string, unknown> }) => void) {
  const schema = structuredClone(published);
  change(schema);
  return breakingChanges(published, schema);
}

describe('a published schema may', () => {
  it('stay as it is, and be explained', () => {
    expect(changed(() => undefined)).toEqual([]);
    expect(changed(({ properties }) => Object.assign(properties.id, { description: 'Which.' }))).toEqual([]);
  });

  it('get optional fields, at any depth', () => {
    expect(changed(({ properties }) => Object.assign(properties, { note: { type: 'string' } }))).toEqual([]);
    expect(
      changed(({ properties: { mill } }) => Object.assign(mill.properties, { river: { type: 'string' } })),
    ).toEqual([]);
    const closed = { ...published, additionalProperties: false };
    const opened = { ...closed, properties: { ...published.properties, note: {} } };
    expect(breakingChanges(closed, opened)).toEqual([]);
  });
});

describe('a published schema may not', () => {
  it.each([
    [
      'lose a field',
      ({ properties }) => Reflect.deleteProperty(properties, 'kind'),
      'properties.kind is gone',
    ],
    [
      'get a required field',
      (schema) => {
        Object.assign(schema.properties, { note: { type: 'string' } });
        schema.required.push('note');
      },
      'note is new and required',
    ],
    ['require what was optional', ({ required }) => required.push('kind'), 'kind is now required'],
    ['no longer promise a field', ({ required }) => required.pop(), 'mill is no longer required'],
    [
      'change a type',
      ({ properties }) => Object.assign(properties.id, { type: 'integer' }),
      'properties.id.type was "string" and is "integer"',
    ],
    [
      'narrow a type',
      ({ properties }) => Object.assign(properties.id, { maxLength: 5 }),
      'properties.id.maxLength was 10 and is 5',
    ],
    [
      'set a limit where there was none',
      ({ properties }) => Object.assign(properties.id, { minLength: 1 }),
      'properties.id.minLength was absent and is 1',
    ],
    [
      'lose a value of an enum',
      ({ properties }) => properties.kind.enum.pop(),
      'properties.kind.enum was ["rye","oats"] and is ["rye"]',
    ],
    [
      'get a value that nobody expects',
      ({ properties }) => properties.kind.enum.push('spelt'),
      'properties.kind.enum was ["rye","oats"] and is ["rye","oats","spelt"]',
    ],
    [
      'lose an alternative',
      ({ properties }) => properties.sacks.anyOf.pop(),
      /^properties\.sacks\.anyOf was .* and is \[\{"type":"integer"\}\]$/,
    ],
    [
      'change what lies deeper',
      ({ properties }) => Object.assign(properties.sacks.anyOf[1]!, { items: { type: 'string' } }),
      'properties.sacks.anyOf[1].items.type was "integer" and is "string"',
    ],
    [
      'be closed',
      (schema) => Object.assign(schema, { additionalProperties: false }),
      'additionalProperties was absent and is false',
    ],
  ] as [string, (schema: typeof published) => unknown, string | RegExp][])('%s', (_, change, complaint) => {
    const [first, ...rest] = changed(change);
    expect(first).toMatch(complaint instanceof RegExp ? complaint : new RegExp(`^${escaped(complaint)}$`));
    expect(rest).toEqual([]);
  });
});

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
