import { describe, expect, it } from 'vitest';
import { FetchWatch } from './fetch-watch.ts';

describe('FetchWatch', () => {
  it('mistrusts what was under way when the group was dealt out, until that node is asked anew', () => {
    const watch = new FetchWatch();
    watch.began('1');
    watch.began('2');
    watch.ended('2');
    expect(watch.isCurrent).toBe(true);
    watch.dealt();
    expect(watch.isCurrent).toBe(false);
    watch.ended('1');
    watch.began('2');
    expect(watch.isCurrent).toBe(false);
    watch.began('1');
    expect(watch.isCurrent).toBe(true);
  });
});
