import { createHash } from 'node:crypto';
import type { Principal } from '@millrace/contracts';
import type { Beginning } from './beginning.ts';
import type { Message } from './message-size.ts';

/** Of conversations that were cut off not long ago, what stands in place of their beginnings. */
const mostKept = 500;

interface Kept {
  readonly beginning: Beginning;
  readonly timer: NodeJS.Timeout;
}

/**
 * In the memory of this process, for a short time, and not in the cache: a summary has what documents say, but nobody knows
 * which, so that it could not go with them when they are erased. Whoever has the key has sent all of what it is made of.
 */
export class SummaryMemory {
  private readonly kept = new Map<string, Kept>();

  get(key: string): Beginning | undefined {
    return this.kept.get(key)?.beginning;
  }

  /** For so long, unless others need the room. */
  set(key: string, beginning: Beginning, lifeMs: number): void {
    this.drop(key);
    if (lifeMs === 0) return;
    const timer = setTimeout(() => this.drop(key), lifeMs).unref();
    this.kept.set(key, { beginning, timer });
    if (this.kept.size > mostKept) this.drop(this.kept.keys().next().value!);
  }

  clear(): void {
    for (const key of this.kept.keys()) this.drop(key);
  }

  private drop(key: string): void {
    clearTimeout(this.kept.get(key)?.timer);
    this.kept.delete(key);
  }
}

/** Who asks what for a summary. */
export interface Whose {
  readonly principal: Principal;
  readonly model: string | undefined;
  readonly backEnd: string | undefined;
}

/** A key for each beginning of a conversation: with the messages of the first group, of the first two, and so on. */
export function keysOf(
  { principal, model, backEnd }: Whose,
  groups: readonly (readonly Message[])[],
): string[] {
  const { tenant, name, groups: memberships } = principal;
  const hash = createHash('sha256').update(JSON.stringify([tenant, name, memberships, model, backEnd]));
  return groups.map((messages) =>
    hash
      .update(`\n${JSON.stringify(messages)}`)
      .copy()
      .digest('base64url'),
  );
}
