import { describe, expect, it, vi } from 'vitest';
import { help, runSuites, suites } from './run-suites.mjs';

describe('npm test -- --help', () => {
  it('says at once what there is, and runs nothing', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    expect(await runSuites(['unit', '--help'])).toBe(0);
    expect(log.mock.calls).toEqual([[help]]);
    log.mockRestore();
  });

  it('names every suite', () => {
    for (const name of suites) expect(help).toMatch(new RegExp(`^  ${name}  `, 'm'));
  });
});
