import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { cloudEvent, cloudEventBatch } from './cloud-events.ts';

// The conformance data of CloudEvents (github.com/cloudevents/conformance, formats/json), which lies beside a checkout.

interface Case {
  readonly id: string;
  readonly event?: unknown;
  readonly batch?: unknown;
}

const folder = fileURLToPath(new URL('../../../../shared/data/conformance/cloudevents/', import.meta.url));
const absent = !existsSync(folder);

const casesIn = (file: string): Case[] =>
  absent ? [] : (JSON.parse(readFileSync(folder + file, 'utf8')) as { tests: Case[] }).tests;

const files: [string, number, z.ZodType, boolean][] = [
  ['valid-events.json', 10, cloudEvent, true],
  ['invalid-events.json', 25, cloudEvent, false],
  ['valid-batches.json', 5, cloudEventBatch, true],
  ['invalid-batches.json', 3, cloudEventBatch, false],
];

describe.each(files)('the conformance cases of %s', (file, count, schema, valid) => {
  it(`are ${count}, each ${valid ? 'taken' : 'refused'}`, (context) => {
    if (absent) context.skip('the conformance data of CloudEvents is not there (../shared/data)');
    const cases = casesIn(file);
    const wrong = cases.filter(({ event, batch }) => schema.safeParse(event ?? batch).success !== valid);
    expect(wrong.map(({ id }) => id)).toEqual([]);
    expect(cases).toHaveLength(count);
    console.log(`CloudEvents conformance, ${file}: ${cases.length - wrong.length} of ${cases.length}`);
  });
});
