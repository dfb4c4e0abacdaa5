import { expect, it } from 'vitest';
import { smallTalk } from './look.ts';

it('a back end is looked at by what it is wanted for', () => {
  expect(smallTalk({ prompt: 'def add(', suffix: ')', parameters: { seed: 1 } })).toEqual({
    prompt: expect.any(String) as string,
    parameters: {},
  });
  expect(smallTalk({ messages: [], parameters: {} })).toMatchObject({ messages: [{ role: 'user' }] });
});
