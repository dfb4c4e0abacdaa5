import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { references } from './references.ts';

it.each([...references()])('%s is what the tables say (npm run generate writes it)', async (path, text) => {
  expect(await readFile(path, 'utf8')).toBe(text);
});
