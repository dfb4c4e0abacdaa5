import { describe, expect, it } from 'vitest';
import { straight } from './straight.ts';

describe('a name to show', () => {
  it('has no marks that turn its direction, and keeps its letters whatever theirs', () => {
    expect(straight('invoice\u202efdp.exe\u2069')).toBe('invoicefdp.exe');
    expect(straight('דוח 2026.pdf')).toBe('דוח 2026.pdf');
  });
});
