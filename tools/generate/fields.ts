import { z } from 'zod';
import { DocComments } from './doc-comments.ts';
import { code, table } from './markdown.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly default?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly $ref?: string;
}

const comments = DocComments.ofContracts();

/**
 * The fields of an object schema, nested ones with their path.
 * @param path where the schema stands in the contracts, for the comments: `events.documentIndexed.schema`
 */
export function fieldTable(schema: z.ZodType, io: 'input' | 'output', path: string): string {
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema;
  const rows = alternatives(json).flatMap((one) => fieldRows(one, '', path));
  return table(['Field', 'Type', 'Notes'], rows);
}

/** The type of a schema in a few words: `string`, `integer 1 to 100`, `"a" or "b"`, `list of string`. */
export function typeName(schema: z.ZodType, io: 'input' | 'output' = 'input'): string {
  return describe(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema);
}

const alternatives = (schema: Schema): readonly Schema[] => schema.oneOf ?? schema.anyOf ?? [schema];

function fieldRows(schema: Schema, prefix: string, path: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const own = [
      code(prefix + name) +
        (schema.required?.includes(name) && field.default === undefined ? '' : ' (optional)'),
      describe(field),
      notes(field, `${path}.${name}`),
    ];
    const [inner, mark] = field.items?.properties ? [field.items, '[].'] : [field, '.'];
    return [own, ...fieldRows(inner, prefix + name + mark, `${path}.${name}`)];
  });
}

const notes = (field: Schema, path: string): string =>
  [
    comments.get(path),
    field.default === undefined ? undefined : `Default ${code(JSON.stringify(field.default))}.`,
  ]
    .filter((note) => note !== undefined)
    .join(' ');

function describe(schema: Schema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  // A flag reads as text in the environment: the words for it say nothing more.
  if (choices?.some((choice) => choice.type === 'boolean' && choice.const === undefined)) return 'boolean';
  if (choices) return [...new Set(choices.map(describe))].join(' or ');
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(' or ');
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.$ref) return 'the same again';
  if (schema.type === 'array')
    return `list of ${schema.items ? describe(schema.items) : 'anything'}${range(schema.minItems, schema.maxItems)}`;
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type as string | undefined);
  return `${schema.format ?? type ?? 'anything'}${range(schema.minimum ?? schema.minLength, schema.maximum ?? schema.maxLength)}`;
}

/** Bounds of numbers, of the length of strings and of lists; those of the language itself say nothing. */
function range(least?: number, most?: number): string {
  const min = least === undefined || least === Number.MIN_SAFE_INTEGER ? undefined : least;
  const max = most === undefined || most === Number.MAX_SAFE_INTEGER ? undefined : most;
  if (min !== undefined && max !== undefined) return ` (${min} to ${max})`;
  if (max !== undefined) return ` (up to ${max})`;
  return min ? ` (${min} or more)` : '';
}
