import { describe, expect, it } from 'vitest';
import { contentHash, requestHash, type Arrival } from './source.ts';

const arrival: Arrival = {
  title: 'T',
  content: 'text',
  mediaType: 'text/plain',
  metadata: { a: 1, b: 'x' },
  acl: ['group:board'],
};

describe('the hash of a content', () => {
  it('does not depend on the order of metadata', () => {
    expect(contentHash({ ...arrival, metadata: { b: 'x', a: 1 } })).toBe(contentHash(arrival));
  });

  it.each<Partial<Arrival>>([
    { title: 'U' },
    { title: undefined },
    { content: 'text ' },
    { content: new TextEncoder().encode('text') },
    { mediaType: 'text/markdown' },
    { metadata: { a: 1 } },
    { metadata: { a: '1', b: 'x' } },
    { acl: [] },
    { filename: 'a.txt' },
  ])('changes with %o', (change) => {
    expect(contentHash({ ...arrival, ...change })).not.toBe(contentHash(arrival));
  });

  it('tells a text from what is said of it', () => {
    expect(contentHash({ title: 'a', content: 'b' })).not.toBe(contentHash({ title: 'ab', content: '' }));
  });
});

it('a request is the same under one key only for the same content and the same id', () => {
  expect(requestHash('h', 'a')).toBe(requestHash('h', 'a'));
  const all = [
    requestHash('h', 'a'),
    requestHash('h', 'b'),
    requestHash('h', undefined),
    requestHash('i', 'a'),
  ];
  expect(new Set(all).size).toBe(4);
});
