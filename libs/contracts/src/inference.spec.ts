import { describe, expect, it } from 'vitest';
import { embeddingRequest, moderationRequest } from './inference.ts';

const embedding = (input: unknown) => embeddingRequest.safeParse({ model: 'm', input });
const moderation = (input: unknown) => moderationRequest.safeParse({ input });
const part = (text: string) => ({ type: 'text', text });

describe('the characters of one request', () => {
  it('are bounded where texts are embedded, one by one and together', () => {
    const text = 'x'.repeat(100_000);
    expect(embedding(text).success).toBe(true);
    expect(embedding(`${text}x`).success).toBe(false);
    expect(embedding(Array(20).fill(text)).success).toBe(true);
    expect(embedding([...(Array(20).fill(text) as string[]), 'x']).error!.issues[0]!.message).toBe(
      '2000001 characters in one request; the limit is 2000000',
    );
  });

  it.each([
    ['a text', (characters: number) => 'x'.repeat(characters)],
    ['texts', (characters: number) => ['x'.repeat(characters - 1), 'x']],
    ['parts', (characters: number) => [part('x'.repeat(characters - 1)), part('x')]],
  ])('are bounded where %s is moderated', (_what, of) => {
    expect(moderation(of(400_000)).success).toBe(true);
    expect(moderation(of(400_001)).error!.issues[0]).toMatchObject({
      path: ['input'],
      message: '400001 characters in one request; the limit is 400000',
    });
  });
});
