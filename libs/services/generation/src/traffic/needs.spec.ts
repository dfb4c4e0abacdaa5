import type { ChatCompletionRequest } from '@millrace/contracts';
import { expect, it } from 'vitest';
import { needsOf } from './needs.ts';

const needs = (request: Partial<ChatCompletionRequest>) => [
  ...needsOf({ messages: [{ role: 'user', content: 'hi' }], ...request }),
];

it('is nothing for text, whatever says so', () => {
  expect(needs({ tools: [], response_format: { type: 'text' } })).toEqual([]);
  expect(needs({ tools: null, response_format: null, messages: [{ role: 'user', content: null }] })).toEqual(
    [],
  );
});

it('is a back end that continues texts, and one that fills gaps', () => {
  const request = { messages: [] };
  expect([...needsOf(request, { prompt: 'a' })]).toEqual(['completions']);
  expect([...needsOf(request, { prompt: 'a', suffix: 'b' })]).toEqual(['completions', 'suffix']);
});

it('is tools, JSON and pictures where they are asked for', () => {
  const picture = { type: 'image_url', image_url: { url: 'data:,' } };
  expect(
    needs({
      tools: [{ type: 'function' }],
      response_format: { type: 'json_schema' },
      messages: [{ role: 'user', content: [picture] }],
    }),
  ).toEqual(['tools', 'json', 'vision']);
});
