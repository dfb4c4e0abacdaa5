import { describe, expect, it } from 'vitest';
import { ApiError } from '../errors.ts';
import { apiError, connectionError } from './problems.ts';

const failed = (code: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
const url = 'http://127.0.0.1:8080';

describe('a refusal', () => {
  it('keeps the words of the server and names the field', () => {
    const error = apiError(400, {
      error: {
        code: 'invalid_request',
        message: 'It does not fit.',
        type: 'x',
        param: 'top_k',
        request_id: 'r',
      },
    });
    expect(error).toBeInstanceOf(ApiError);
    expect(error.message).toBe('It does not fit. Field: top_k.');
  });

  it('says how to give a key, and which request failed inside', () => {
    const body = (code: string) => ({ error: { code, message: 'No.', request_id: 'r-1', retry_after: 4 } });
    expect(apiError(401, body('unauthenticated')).message).toContain('MILLRACE_KEY');
    expect(apiError(500, body('internal'))).toMatchObject({ message: 'No. Request id: r-1.', retryAfter: 4 });
  });

  it('of something that is no Millrace says so', () => {
    for (const body of [undefined, null, {}, { error: null }, { error: 'x' }, 'page'])
      expect(apiError(404, body).message).toContain('Check --url');
  });
});

describe('a connection that fails', () => {
  it('says what to do', () => {
    expect((connectionError(failed('ECONNREFUSED'), url) as Error).message).toContain('npm start');
    expect((connectionError(failed('ENOTFOUND'), url) as Error).message).toContain('--url');
    expect((connectionError(failed('UND_ERR_SOCKET'), url) as Error).message).toContain('UND_ERR_SOCKET');
  });

  it('to all addresses of a name is told as the first', () => {
    const each = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    const cause = new AggregateError([each, each]);
    expect((connectionError(new TypeError('fetch failed', { cause }), url) as Error).message).toContain(
      'npm start',
    );
  });

  it('tells a file that cannot be read from a server that is away', () => {
    const unreadable = new DOMException('The blob could not be read', 'NotReadableError');
    for (const thrown of [unreadable, new TypeError('fetch failed', { cause: unreadable })])
      expect(connectionError(thrown, url)).toMatchObject({ name: 'UnreadableFile' });
  });

  it('leaves other errors as they are', () => {
    const abort = new DOMException('stopped', 'AbortError');
    expect(connectionError(abort, url)).toBe(abort);
  });
});
