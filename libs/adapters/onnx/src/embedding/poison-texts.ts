import { createHash } from 'node:crypto';

/** Hashes that are kept at most; each takes some 100 bytes. */
const most = 1000;
/** Afterwards it is tried again: a machine without memory ends workers too. */
const keptMs = 3_600_000;

/** What ended its workers is refused when it comes again within the hour: token ids by their hash. */
export class PoisonTexts {
  /** Hash -> when it is forgotten; oldest first. */
  private readonly until = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  add(ids: Int32Array): void {
    const hash = hashOf(ids);
    this.until.delete(hash);
    this.until.set(hash, this.now() + keptMs);
    const [oldest] = this.until.keys();
    if (this.until.size > most) this.until.delete(oldest!);
  }

  /** Costs nothing while there is none. */
  has(ids: Int32Array): boolean {
    return this.until.size > 0 && this.now() < (this.until.get(hashOf(ids)) ?? 0);
  }
}

const hashOf = ({ buffer, byteOffset, byteLength }: Int32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('base64');
