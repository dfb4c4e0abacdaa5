import type { MillraceError } from '@millrace/contracts';
import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { asMillraceError, isConnectionLost } from './database-error.ts';

const fromServer = (code: string): DatabaseError =>
  Object.assign(new DatabaseError('planted: 10.0.0.7', 1, 'error'), { code });

describe('errors of PostgreSQL', () => {
  it.each([
    ['57P01', 'dependency_unavailable', true],
    ['57014', 'dependency_unavailable', false],
    ['53300', 'dependency_unavailable', false],
    ['53100', 'storage_full', false],
    ['55P03', 'dependency_unavailable', false],
    ['25P03', 'dependency_unavailable', true],
    ['28P01', 'dependency_unavailable', false],
    ['08006', 'dependency_unavailable', true],
  ])('%s is %s; the connection is lost: %s', (state, code, lost) => {
    const error = fromServer(state);
    expect(asMillraceError(error)).toMatchObject({ code, detail: `PostgreSQL: ${state}`, cause: error });
    expect(isConnectionLost(error)).toBe(lost);
  });

  it.each(['23505', '40P01', '40001', '42601'])('%s is left to who asked', (state) => {
    const error = fromServer(state);
    expect(asMillraceError(error)).toBe(error);
    expect(isConnectionLost(error)).toBe(false);
  });

  it('of the way to it say the code, and keep the address for the log', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
    const error = asMillraceError(refused) as MillraceError;
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).not.toContain('10.0.0.7');
    expect(isConnectionLost(refused)).toBe(true);
  });
});
