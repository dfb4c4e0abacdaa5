import { describe, expect, it } from 'vitest';
import { isLoopback, refuseForeign } from './origin-guard.ts';

describe('refuseForeign', () => {
  it.each([
    {},
    { host: 'localhost:8080' },
    { host: '127.0.0.1' },
    { host: '[::1]:80', origin: 'http://[::1]:80' },
  ])('lets this machine in: %o', (headers) => {
    expect(() => refuseForeign(headers)).not.toThrow();
  });

  it.each([
    { host: 'evil.example' },
    { host: 'localhost.evil.example' },
    { host: '127.0.0.1.evil.example' },
    { host: 'localhost', origin: 'http://evil.example' },
    { host: 'localhost', origin: 'null' },
    { host: 'localhost@evil.example' },
    { host: '' },
  ])('keeps others out: %o', (headers) => {
    expect(() => refuseForeign(headers)).toThrow(expect.objectContaining({ code: 'foreign_origin' }));
  });
});

describe('isLoopback', () => {
  it('knows names and addresses of this machine only', () => {
    expect(['localhost', '127.0.0.1', '127.9.9.9', '::1'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '192.168.1.5', 'millrace.example', '127.evil.example'].some(isLoopback)).toBe(false);
  });
});
