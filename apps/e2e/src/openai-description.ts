import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

/** Published as CommonJS: what is imported by default is the module. */
const formats = ajvFormats as unknown as { default: (ajv: Ajv2020) => void };

type Schema = Readonly<Record<string, unknown>>;

/** OpenAI's own description of its API, as what answers are held to. */
export class OpenAiDescription {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(path: string) {
    const { components } = JSON.parse(readFileSync(path, 'utf8')) as { components: Schema };
    formats.default(this.ajv);
    this.ajv.addFormat('unixtime', { type: 'number', validate: Number.isInteger });
    this.ajv.addSchema({ $id: 'openai', components: withNull(components) as object });
  }

  /** What is wrong with a value, by where; empty when it is as the schema of this name says. */
  faults(schema: string, value: unknown): string[] {
    const check = this.ajv.getSchema(`openai#/components/schemas/${schema}`);
    if (!check) throw new Error(`OpenAI describes no ${schema}`);
    if (check(value)) return [];
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  }
}

/** `nullable` is of OpenAPI 3.0 and means nothing in 3.1, whose schemas are JSON Schema; the description has both. */
function withNull(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withNull);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, withNull(value)]),
  );
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}
