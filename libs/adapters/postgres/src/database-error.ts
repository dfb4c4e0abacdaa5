import { MillraceError, type ErrorCode } from '@millrace/contracts';
import { DatabaseError } from 'pg';

/** Errors of the surroundings, by the beginning of their SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const outages: Readonly<Record<string, ErrorCode>> = {
  '08': 'dependency_unavailable', // connection exception
  '25006': 'dependency_unavailable', // read only: a replica, or the disk is being saved
  '25P03': 'dependency_unavailable', // stood still too long inside a transaction
  '28': 'dependency_unavailable', // login refused
  '3D000': 'dependency_unavailable', // no such database
  '53': 'dependency_unavailable', // out of memory, of connections
  '53100': 'storage_full',
  '55P03': 'dependency_unavailable', // waited too long for a lock
  '57': 'dependency_unavailable', // shut down, starting, statement out of time
  '58': 'dependency_unavailable', // its disk fails
};

/** With these the server ends the connection. */
const ending = /^(57P0|08|25P03)/;

/**
 * What a thrown value of the driver means. A statement that is at fault itself, or that another transaction crossed,
 * stays what it is; its message may name columns, never a password.
 */
export function asMillraceError(thrown: unknown): unknown {
  if (thrown instanceof MillraceError) return thrown;
  if (!(thrown instanceof DatabaseError)) return unavailable(thrown);
  const state = thrown.code ?? '';
  const code = outages[state] ?? outages[state.slice(0, 2)];
  return code ? new MillraceError(code, { detail: `PostgreSQL: ${state}`, cause: thrown }) : thrown;
}

/** True when the connection cannot be used again. What does not come from the server comes of losing it. */
export const isConnectionLost = (thrown: unknown): boolean =>
  !(thrown instanceof DatabaseError) || ending.test(thrown.code ?? '');

/** Callers see the code; the address and the rest are in the cause, for the log. */
const unavailable = (thrown: unknown): MillraceError =>
  new MillraceError('dependency_unavailable', { detail: `PostgreSQL: ${codeOf(thrown)}`, cause: thrown });

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'no answer';
