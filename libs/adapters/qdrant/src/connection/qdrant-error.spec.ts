import { MillraceError } from '@millrace/contracts';
import { QdrantClientResourceExhaustedError, QdrantClientTimeoutError } from '@qdrant/js-client-rest';
import { describe, expect, it } from 'vitest';
import { asMillraceError, isPassing } from './qdrant-error.ts';

const answer = (status: number, error = 'no'): Error =>
  Object.assign(new Error('Error'), {
    status,
    data: { status: { error } },
    headers: { 'api-key': 'planted' },
  });
const broken = new TypeError('fetch failed', {
  cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
});

describe('asMillraceError', () => {
  it.each([
    [answer(500), 'dependency_unavailable'],
    [answer(503), 'dependency_unavailable'],
    [answer(429), 'dependency_unavailable'],
    [answer(401), 'dependency_unavailable'],
    [answer(403), 'dependency_unavailable'],
    [new QdrantClientResourceExhaustedError('slow down', '1'), 'dependency_unavailable'],
    [new QdrantClientTimeoutError('aborted'), 'dependency_unavailable'],
    [broken, 'dependency_unavailable'],
    [answer(507), 'storage_full'],
    [answer(500, 'Service internal error: No space left on device'), 'storage_full'],
    [answer(404), 'index_missing'],
    [answer(400), 'internal'],
  ])('takes %s for %s', (thrown, code) => {
    expect(asMillraceError(thrown).code).toBe(code);
  });

  it('says what happened without what was sent', () => {
    const error = asMillraceError(answer(400, 'Wrong input: Not existing vector name "secret" of `secret`'));
    expect(error.detail).toBe('Qdrant: status 400, Wrong input: Not existing vector name … of …');
    expect(JSON.stringify(error)).not.toMatch(/planted|secret/);
    expect(asMillraceError(broken).detail).toBe('Qdrant: not connected, ECONNREFUSED');
  });

  it('leaves errors of the table as they are', () => {
    const error = new MillraceError('queue_full');
    expect(asMillraceError(error)).toBe(error);
  });
});

describe('isPassing', () => {
  it('tells what may be asked again at once from what may be under way still', () => {
    expect([answer(503), answer(429), broken].map(isPassing)).toEqual([true, true, true]);
    expect([answer(400), answer(404), new QdrantClientTimeoutError('aborted')].map(isPassing)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
