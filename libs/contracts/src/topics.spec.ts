import { expect, it } from 'vitest';
import { topics } from './topics.ts';

it('every topic is declared once, with its dead letters', () => {
  const all = topics();
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(all).toContainEqual({ name: 'documents.v1', partitions: 12, retentionHours: 168, compacted: false });
  for (const { name } of all.filter((topic) => !topic.name.endsWith('.dlq')))
    expect(all.map((topic) => topic.name)).toContain(`${name}.dlq`);
});

it('dead letters with content go when the events go', () => {
  const hours = Object.fromEntries(topics().map(({ name, retentionHours }) => [name, retentionHours]));
  expect(hours['documents.v1.dlq']).toBe(hours['documents.v1']);
  expect(hours['indexing.document.indexed.v1.dlq']).toBe(24 * 90);
});

it('names are such that every log takes them', () => {
  for (const { name } of topics()) expect(name).toMatch(/^[a-z0-9.-]{1,100}$/);
});
