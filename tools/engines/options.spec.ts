import { expect, it } from 'vitest';
import { readOptions } from './options.mjs';

const names = (args: string[]) => readOptions(args).chosen.map(({ name }) => name);

it('takes all engines, or the named ones', () => {
  expect(names(['up'])).toEqual(['redis', 'postgres', 's3', 'qdrant', 'kafka']);
  expect(names(['down', '--only', 'kafka, redis'])).toEqual(['kafka', 'redis']);
  expect(readOptions(['kill', '--only', 'kafka']).named).toBe(true);
});

it('gives an engine the port that is asked for, and none to the others', () => {
  const { chosen } = readOptions(['up', '--port', 'redis=31000', '--port', 'kafka=31010']);
  const ports = Object.fromEntries(chosen.map(({ name, wantedPort }) => [name, wantedPort]));
  expect(ports).toEqual({ redis: 31_000, kafka: 31_010 });
});

it('asks an engine to run natively or in Docker', () => {
  const runtimes = (...args: string[]) =>
    readOptions(['up', '--only', 'redis', ...args]).chosen.map(({ wantedRuntime }) => wantedRuntime);
  expect([runtimes(), runtimes('--native'), runtimes('--docker')]).toEqual([
    [undefined],
    ['native'],
    ['docker'],
  ]);
});

it.each([
  [[], 'npm run engines -- up | down | status'],
  [['start'], 'npm run engines -- up | down | status'],
  [['up', 'redis'], 'npm run engines -- up | down | status'],
  [['up', '--only', 'mysql'], 'There is no engine mysql: redis, postgres, s3, qdrant, kafka.'],
  [['up', '--port', 'redis'], '--port wants NAME=N with N from 1024 to 65000, not redis.'],
  [['up', '--port', 'redis=80'], '--port wants NAME=N'],
  [['up', '--native', '--docker'], '--native or --docker, not both.'],
  [['up', '--ports', '1'], "Unknown option '--ports'"],
])('refuses %j in plain words', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
