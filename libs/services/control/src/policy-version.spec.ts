import { describe, expect, it } from 'vitest';
import { versionOf } from './policy-version.ts';

describe('the version of a moderation policy', () => {
  it('is the same for what comes to the same', () => {
    expect(versionOf({ categories: { hate: { input: 'flag' }, sexual: {} } })).toBe(versionOf({}));
    expect(versionOf({ categories: { hate: { input: 'block' }, sexual: { input: 'block' } } })).toBe(
      versionOf({ categories: { sexual: { input: 'block' }, hate: { input: 'block', output: 'flag' } } }),
    );
  });

  it('is another for whatever differs', () => {
    const versions = [
      versionOf({}),
      versionOf({ on_failure: 'fail_open' }),
      versionOf({ categories: { hate: { input: 'block' } } }),
      versionOf({ categories: { hate: { output: 'block' } } }),
      versionOf({ categories: { hate: { classifier: { input: 'block' } } } }),
      versionOf({ categories: { hate: { classifier: { threshold: 0.9 } } } }),
    ];
    expect(new Set(versions).size).toBe(versions.length);
    for (const version of versions) expect(version).toMatch(/^[0-9a-f]{12}$/);
  });
});
