import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

describe('settings of the CLI', () => {
  it('have defaults, also for empty variables', () => {
    const expected = { url: 'http://127.0.0.1:8080', key: undefined, cwd: process.cwd() };
    expect(readSettings({})).toEqual(expected);
    expect(readSettings({ MILLRACE_URL: '', MILLRACE_KEY: '' })).toEqual(expected);
  });

  it('name the server on the port that the shell has exported, unless there is a URL', () => {
    expect(readSettings({ MILLRACE_PORT: '8300' }).url).toBe('http://127.0.0.1:8300');
    expect(readSettings({ MILLRACE_PORT: '0' }).url).toBe('http://127.0.0.1:8080');
    expect(readSettings({ MILLRACE_PORT: '8300', MILLRACE_URL: 'http://mill' }).url).toBe('http://mill');
  });

  it('take paths from where the person stood when npm runs the CLI, and only then', () => {
    expect(readSettings({ npm_lifecycle_event: 'millrace', INIT_CWD: '/home/ann' }).cwd).toBe('/home/ann');
    expect(readSettings({ npm_lifecycle_event: 'test', INIT_CWD: '/home/ann' }).cwd).toBe(process.cwd());
  });
});
