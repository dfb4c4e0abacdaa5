import { createHash } from 'node:crypto';
import { MillraceError } from '@millrace/contracts';

/** The kernel, short of memory, ends what is largest: a file that was being read so often is what makes it so. */
const mostKills = 3;
/** Files that are remembered. */
const mostFiles = 1_000;

/** Files whose processes were killed from outside while they were read, by hash: how often. */
export class KilledFiles {
  private readonly kills = new Map<string, number>();

  /** What is to be said of a file whose process was killed: `error`, or at the third time `parse_out_of_memory`. */
  blame(bytes: Uint8Array, error: unknown): unknown {
    const hash = hashOf(bytes);
    const kills = (this.kills.get(hash) ?? 0) + 1;
    this.kills.delete(hash);
    if (kills >= mostKills)
      return new MillraceError('parse_out_of_memory', {
        detail: `${kills} processes that read it were killed`,
      });
    this.kills.set(hash, kills);
    const [oldest] = this.kills.keys();
    if (this.kills.size > mostFiles) this.kills.delete(oldest!);
    return error;
  }

  /** It has been read. */
  clear(bytes: Uint8Array): void {
    if (this.kills.size > 0) this.kills.delete(hashOf(bytes));
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');
