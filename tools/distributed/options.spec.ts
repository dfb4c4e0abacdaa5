import { describe, expect, it } from 'vitest';
import { readOptions } from './options.mjs';

describe('the options of npm run distributed', () => {
  it('are one of each at 8080 unless said', () => {
    const { port, replicas } = readOptions([]);
    expect(port).toBe(8080);
    expect(new Set(Object.values(replicas))).toEqual(new Set([1]));
  });

  it('take replicas and variables, again and again', () => {
    const args = ['--replicas', 'embedding=2', '--replicas', 'gateway=3', '--set', 'A=b=c', '--port', '0'];
    const { port, replicas, set } = readOptions(args);
    expect(replicas).toMatchObject({ embedding: 2, gateway: 3, ingestion: 1 });
    expect(set).toEqual({ A: 'b=c' });
    expect(port).toBe(0);
  });

  it.each([
    [['--replicas', 'embeding=2'], /no service embeding/],
    [['--replicas', 'embedding=0'], /from 1 to 64/],
    [['--replicas', 'embedding'], /NAME=VALUE/],
    [['--port', 'x'], /--port wants/],
    [['--as', 'My Own'], /--as wants/],
    [['--temporary'], /--as NAME/],
    [['--wrong'], /--replicas NAME=N/],
  ])('refuse %s in plain words', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
