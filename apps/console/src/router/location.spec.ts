import { describe, expect, it } from 'vitest';
import { formatLocation, parseLocation } from './location.ts';

describe('the address of the console', () => {
  it('names the page; an unknown one is the first', () => {
    expect(parseLocation('#/documents')).toEqual({ page: 'documents' });
    for (const hash of ['', '#', '#/', '#/nix']) expect(parseLocation(hash)).toEqual({ page: 'chat' });
  });

  it('carries an open passage there and back', () => {
    const open = { id: 'a/b c&d=ü.md', version: 2, start: 0, end: 80 };
    expect(parseLocation(formatLocation({ page: 'search', open }))).toEqual({ page: 'search', open });
    expect(parseLocation(formatLocation({ page: 'chat', open: { id: 'x' } }))).toEqual({
      page: 'chat',
      open: { id: 'x' },
    });
  });

  it('ignores offsets that are no numbers', () => {
    expect(parseLocation('#/chat?document=x&start=-1&end=1e9&version=')).toEqual({
      page: 'chat',
      open: { id: 'x' },
    });
  });
});
