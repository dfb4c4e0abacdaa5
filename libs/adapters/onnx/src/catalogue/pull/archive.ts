import { createReadStream } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { unzipSync } from 'fflate';

export interface Wanted {
  /** Path inside the archive. */
  readonly member: string;
  readonly bytes: number;
  /** Where it goes. */
  readonly file: string;
}

/** Writes those members of an archive that are wanted and have the size expected. Returns which were found. */
export async function extract(archive: string, wanted: readonly Wanted[]): Promise<Wanted[]> {
  return /\.t(?:ar\.)?gz$/.test(archive) ? extractTar(archive, wanted) : extractZip(archive, wanted);
}

/** Jars and wheels are zip files. */
async function extractZip(archive: string, wanted: readonly Wanted[]): Promise<Wanted[]> {
  const isWanted = (name: string, bytes: number): boolean =>
    wanted.some((each) => each.member === name && each.bytes === bytes);
  const members = unzipSync(await readFile(archive), {
    filter: ({ name, originalSize }) => isWanted(name, originalSize),
  });
  const found = wanted.filter(({ member }) => members[member]);
  for (const { member, file } of found) await writeFile(file, members[member]!);
  return found;
}

const BLOCK = 512;

/** npm packages: POSIX tar (IEEE 1003.1 "ustar") in gzip. Long names in extension headers are not looked at. */
async function extractTar(archive: string, wanted: readonly Wanted[]): Promise<Wanted[]> {
  const found: Wanted[] = [];
  await pipeline(createReadStream(archive), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
    const reader = new BlockReader(chunks);
    for (let header = await reader.take(BLOCK); header?.[0]; header = await reader.take(BLOCK)) {
      const { name, size } = parseHeader(header);
      const padding = (BLOCK - (size % BLOCK)) % BLOCK;
      const match = wanted.find((each) => each.member === name && each.bytes === size);
      if (match) found.push(match);
      await reader.copy(size, match?.file);
      await reader.copy(padding);
    }
  });
  return found;
}

function parseHeader(header: Buffer): { name: string; size: number } {
  const text = (from: number, length: number): string =>
    header
      .subarray(from, from + length)
      .toString('utf8')
      .replace(/\0.*$/s, '');
  const prefix = text(345, 155);
  return {
    name: prefix ? `${prefix}/${text(0, 100)}` : text(0, 100),
    size: Number.parseInt(text(124, 12), 8) || 0,
  };
}

/** Reads so many bytes at a time from a stream of chunks. */
class BlockReader {
  private rest: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer>;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** Undefined at the end. */
  async take(bytes: number): Promise<Buffer | undefined> {
    while (this.rest.length < bytes) if (!(await this.more())) return undefined;
    const taken = this.rest.subarray(0, bytes);
    this.rest = this.rest.subarray(bytes);
    return taken;
  }

  /** Passes over so many bytes; writes them when there is a file. */
  async copy(bytes: number, file?: string): Promise<void> {
    const handle = file ? await open(file, 'w') : undefined;
    try {
      for (let left = bytes; left > 0;) {
        if (this.rest.length === 0 && !(await this.more())) throw new Error('the archive ends too early');
        const piece = this.rest.subarray(0, left);
        await handle?.write(piece);
        this.rest = this.rest.subarray(piece.length);
        left -= piece.length;
      }
    } finally {
      await handle?.close();
    }
  }

  private async more(): Promise<boolean> {
    const next: IteratorResult<Buffer, unknown> = await this.chunks.next();
    if (next.done) return false;
    this.rest = this.rest.length === 0 ? next.value : Buffer.concat([this.rest, next.value]);
    return true;
  }
}
