import { createHash } from 'node:crypto';
import { MillraceError } from '@millrace/contracts';
import type { WorkerDied } from '../process/child-worker.ts';

/** Hashes that are kept at most; each takes some 100 bytes. */
const most = 1000;
/** Afterwards it is tried again: a machine without memory ends workers too. */
const keptMs = 3_600_000;
/** What did this to so many workers is poison: it is not tried again, nor when it comes again. */
export const MAX_CRASHES = 2;
/** What was killed so often in a row may well be without blame, but somebody waits. It may come again. */
const MAX_KILLS = 10;

/** Workers that ended while they had nothing but this text in hand. */
interface Ends {
  readonly crashes: number;
  /** By a signal from outside. */
  readonly kills: number;
  /** When it is forgotten. */
  readonly until: number;
}

/**
 * Texts that were alone in a worker that ended, and have not been computed since: token ids by their hash, whoever brought
 * them. Only what was alone can be why, and what was killed from outside says nothing.
 */
export class Suspects {
  /** The oldest first. */
  private readonly ends = new Map<string, Ends>();

  constructor(private readonly now: () => number) {}

  /** It ended its worker. Returns what it is answered if it is not to be tried again. */
  blame(ids: Int32Array, { fromOutside }: WorkerDied): MillraceError | undefined {
    const { crashes, kills } = this.endsOf(ids) ?? { crashes: 0, kills: 0 };
    const ends = fromOutside ? { crashes, kills: kills + 1 } : { crashes: crashes + 1, kills };
    const isGivenUp = ends.kills >= MAX_KILLS;
    this.keep(ids, isGivenUp ? { ...ends, kills: 0 } : ends);
    if (ends.crashes >= MAX_CRASHES) return new MillraceError('poison_job');
    const detail = `${ends.kills} embedding workers were killed, one after the other`;
    return isGivenUp ? new MillraceError('dependency_unavailable', { detail }) : undefined;
  }

  /** Costs nothing while there is none; so does the next. */
  isPoison(ids: Int32Array): boolean {
    return (this.endsOf(ids)?.crashes ?? 0) >= MAX_CRASHES;
  }

  /** It was computed. */
  acquit(ids: Int32Array): void {
    if (this.ends.size > 0) this.ends.delete(hashOf(ids));
  }

  private endsOf(ids: Int32Array): Ends | undefined {
    const ends = this.ends.size > 0 ? this.ends.get(hashOf(ids)) : undefined;
    return ends && this.now() < ends.until ? ends : undefined;
  }

  private keep(ids: Int32Array, ends: Omit<Ends, 'until'>): void {
    const hash = hashOf(ids);
    this.ends.delete(hash);
    this.ends.set(hash, { ...ends, until: this.now() + keptMs });
    const [oldest] = this.ends.keys();
    if (this.ends.size > most) this.ends.delete(oldest!);
  }
}

const hashOf = ({ buffer, byteOffset, byteLength }: Int32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('base64');
