import type { Principal } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { scopeOf } from './admin-scope.ts';

const adminOf = (tenant: string): Principal => ({ tenant, name: 'user:a', groups: [], rights: ['admin'] });

describe('what an admin looks after', () => {
  it('is everything, or the tenant asked for, as an admin of the tenant default', () => {
    expect(scopeOf(adminOf('default'))).toBeUndefined();
    expect(scopeOf(adminOf('default'), 'acme')).toBe('acme');
  });

  it('is the own tenant otherwise, and no other', () => {
    expect(scopeOf(adminOf('acme'))).toBe('acme');
    expect(scopeOf(adminOf('acme'), 'acme')).toBe('acme');
    expect(() => scopeOf(adminOf('acme'), 'default')).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });
});
