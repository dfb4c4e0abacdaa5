import { describe, expect, it } from 'vitest';
import { RefusalWindow } from './refusal-window.ts';

const hour = 3_600_000;

describe('refusals', () => {
  it('are told once an hour of each way, with how many went untold', () => {
    const window = new RefusalWindow();
    expect(window.tell('acme', 'a', 0)).toBe(0);
    for (let n = 0; n < 5; n++) expect(window.tell('acme', 'a', n)).toBeUndefined();
    expect(window.tell('acme', 'b', 10)).toBe(5);
    expect(window.tell('acme', 'a', hour - 1)).toBeUndefined();
    expect(window.tell('acme', 'a', hour)).toBe(1);
  });

  it('are twenty an hour of a tenant, however many keys and ways it has, and of others as if it were not there', () => {
    const window = new RefusalWindow();
    const told = Array.from({ length: 1_000 }, (_, n) => window.tell('acme', `${n}`, n)).filter(
      (untold) => untold !== undefined,
    );
    expect(told).toHaveLength(20);
    expect(window.tell('other', '0', 0)).toBe(0);
    expect(window.tell('acme', '0', hour)).toBe(980);
  });
});
