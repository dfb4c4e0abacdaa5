import { MillraceError } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { KilledFiles } from './killed-files.ts';

const file = (name: string): Uint8Array => new TextEncoder().encode(name);
const killed = new MillraceError('dependency_unavailable');
const outOfMemory: unknown = expect.objectContaining({ code: 'parse_out_of_memory' });

describe('a file whose process is killed', () => {
  it('may be tried again, twice', () => {
    const files = new KilledFiles();
    const said = [1, 2, 3, 4].map(() => files.blame(file('a'), killed));
    expect(said).toEqual([killed, killed, outOfMemory, killed]);
  });

  it('is blamed for no other, and for none from before it was read', () => {
    const files = new KilledFiles();
    files.blame(file('a'), killed);
    files.blame(file('a'), killed);
    expect(files.blame(file('b'), killed)).toBe(killed);
    files.clear(file('a'));
    expect(files.blame(file('a'), killed)).toBe(killed);
  });

  it('is forgotten when a thousand others were killed since', () => {
    const files = new KilledFiles();
    files.blame(file('a'), killed);
    files.blame(file('a'), killed);
    for (let n = 0; n < 1_000; n++) files.blame(file(`other-${n}`), killed);
    expect(files.blame(file('a'), killed)).toBe(killed);
  });
});
