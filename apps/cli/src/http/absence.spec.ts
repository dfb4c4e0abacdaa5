import { describe, expect, it } from 'vitest';
import { ApiError, ConnectionError } from '../errors.ts';
import { Absence } from './absence.ts';

const url = 'http://mill:8080';
const gone = new ConnectionError('Broke.');

describe('the absence of a server', () => {
  it('is said once when it lasts, and so is its end', () => {
    const { absence, said, at } = watched();
    for (const now of [0, 500, 3_200, 9_000]) at(now, () => absence.missed(gone));
    at(9_500, () => absence.met());
    expect(said).toEqual([
      `Waiting for the server at ${url} (3 s so far) … It does not answer. This goes on by itself.`,
      `The server at ${url} is back.`,
    ]);
  });

  it('is not said when it is short, and begins anew after an answer', () => {
    const { absence, said, at } = watched();
    for (const now of [0, 5_000, 10_000]) {
      at(now, () => absence.missed(gone));
      at(now + 1_500, () => absence.missed(gone));
      at(now + 1_600, () => absence.met());
    }
    expect(said).toEqual([]);
  });

  it('has the reason that the server gives', () => {
    const { absence, said, at } = watched();
    const full = new ApiError(429, 'queue_full', 'The queue is full.');
    for (const now of [0, 2_000]) at(now, () => absence.missed(full));
    expect(said).toEqual([expect.stringContaining('(2 s so far) … The queue is full. This')]);
  });
});

function watched() {
  const said: string[] = [];
  let clock = 0;
  const absence = new Absence(
    url,
    (text) => said.push(text),
    () => clock,
  );
  const at = (now: number, act: () => void): void => {
    clock = now;
    act();
  };
  return { absence, said, at };
}
