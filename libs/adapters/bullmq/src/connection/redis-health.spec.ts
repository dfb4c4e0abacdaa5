import { describe, expect, it } from 'vitest';
import { judge } from './redis-health.ts';

const info = (policy: string, aof: string) =>
  `# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:${policy}\r\n# Persistence\r\naof_enabled:${aof}\r\n`;

describe('judge', () => {
  it('has nothing to say of a Redis that keeps everything', () => {
    expect(judge(info('noeviction', '1'))).toEqual([]);
  });

  it('finds a Redis unhealthy that drops keys when memory runs short', () => {
    expect(judge(info('allkeys-lru', '1'))).toMatchObject([{ unhealthy: true }]);
  });

  it('only warns of one that forgets when it restarts', () => {
    expect(judge(info('noeviction', '0'))).toMatchObject([{ unhealthy: false }]);
  });
});
