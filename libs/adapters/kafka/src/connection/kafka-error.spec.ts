import { MillraceError } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { asMillraceError, isSettingUp } from './kafka-error.ts';

const protocol = (type: string): Error => Object.assign(new Error(`broker says ${type}`), { type });

describe('asMillraceError', () => {
  it('goes by the innermost error, or the first of several', () => {
    const wrapped = new Error('retries exceeded', {
      cause: new Error('no', { cause: protocol('MESSAGE_TOO_LARGE') }),
    });
    expect(asMillraceError(wrapped).code).toBe('body_too_large');
    const gathered = Object.assign(new Error('several'), { errors: [protocol('INVALID_PARTITIONS')] });
    expect(asMillraceError(gathered)).toMatchObject({
      code: 'internal',
      detail: 'Kafka: broker says INVALID_PARTITIONS',
    });
  });

  it('takes what is not known for an outage, and a fault for a fault', () => {
    expect(asMillraceError(new Error('connect ECONNREFUSED')).code).toBe('dependency_unavailable');
    expect(asMillraceError(new TypeError('x is not a function')).code).toBe('internal');
  });

  it('leaves our own as they are', () => {
    const error = new MillraceError('queue_full');
    expect(asMillraceError(error)).toBe(error);
  });
});

describe('isSettingUp', () => {
  it('tells a coordinator that is not ready yet from one that is not there', () => {
    expect(isSettingUp(new Error('retries', { cause: protocol('GROUP_LOAD_IN_PROGRESS') }))).toBe(true);
    expect(isSettingUp(protocol('GROUP_AUTHORIZATION_FAILED'))).toBe(false);
    expect(isSettingUp(new Error('connect ECONNREFUSED'))).toBe(false);
  });
});
