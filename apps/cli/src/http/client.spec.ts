import { describe, expect, it } from 'vitest';
import { routes } from '@millrace/contracts';
import { MillraceClient, pathOf } from './client.ts';

describe('the path of a request', () => {
  it('has its parameters encoded, slashes too', () => {
    expect(pathOf(routes.getDocument, { params: { id: 'a/b c+ü?.md' } })).toBe(
      '/v1/documents/a%2Fb%20c%2B%C3%BC%3F.md',
    );
  });

  it('has its query behind it, without what is not set', () => {
    expect(pathOf(routes.listDocuments, { query: { limit: 5, state: undefined, cursor: 'a&b' } })).toBe(
      '/v1/documents?limit=5&cursor=a%26b',
    );
  });
});

describe('the client', () => {
  it('refuses a URL that cannot be one', () => {
    const client = (url: string) =>
      new MillraceClient({ url, key: undefined, signal: new AbortController().signal });
    for (const url of ['localhost:8080', 'ftp://x', 'http://', ''])
      expect(() => client(url)).toThrow('http://127.0.0.1:8080');
    expect(client('http://127.0.0.1:8080//').url).toBe('http://127.0.0.1:8080');
  });

  it('refuses a key with characters that keys never have, and says which', () => {
    const client = (key: string) =>
      new MillraceClient({ url: 'http://127.0.0.1:8080', key, signal: new AbortController().signal });
    for (const [key, odd] of [
      ['mr_a\u2013b', 'U+2013'],
      ['mr_ab\u200b', 'U+200B'],
      ['mr_ab\n', 'U+000A'],
      ['mr_\u{1f511}', 'U+1F511'],
    ] as const)
      expect(() => client(key)).toThrow(`that keys never have: ${odd}.`);
    expect(() => client('a-key of_its ~ownér')).not.toThrow();
  });
});
