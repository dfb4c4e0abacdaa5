import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { MillraceError, type DocumentState, type DocumentStatus } from '@millrace/contracts';
import { Health, type SettingsOf } from '@millrace/platform';
import { controlSettings } from './control-settings.ts';

const progress: readonly DocumentState[] = ['accepted', 'parsed', 'embedded', 'indexed'];
/** Whatever is waited for, nothing more comes by itself. */
const final: ReadonlySet<DocumentState> = new Set(['deleted', 'dead-lettered']);

const firstPauseMs = 10;
const longestPauseMs = 250;

/** True when `state` is `wanted`, is past it, or is one that `wanted` does not follow. Who waits for a deletion waits for one still to be asked for, too. */
export const hasReached = (state: DocumentState, wanted: DocumentState): boolean =>
  final.has(state) ||
  (state === 'indexed' && wanted !== 'deleted') ||
  (progress.includes(wanted) && progress.indexOf(state) >= progress.indexOf(wanted));

/** Lets requests wait for a state by looking ever less often; a bounded number at a time. */
@Injectable()
export class StateWaiter {
  private waiting = 0;

  constructor(
    @Inject(controlSettings.token) private readonly settings: SettingsOf<typeof controlSettings>,
    @Inject(Health) private readonly health: Health,
  ) {}

  /** The status once the state is reached, or as it is when the time is up or the process is to end. */
  async until(
    wanted: DocumentState,
    timeoutMs: number,
    read: () => Promise<DocumentStatus | undefined>,
    signal: AbortSignal,
  ): Promise<DocumentStatus | undefined> {
    if (this.waiting >= this.settings.maxWaiters) throw new MillraceError('queue_full', { retryAfter: 1 });
    this.waiting += 1;
    try {
      const deadline = Date.now() + timeoutMs;
      for (let wait = firstPauseMs; ; wait = Math.min(longestPauseMs, wait * 1.2)) {
        const status = await read();
        const left = this.health.isDraining ? 0 : deadline - Date.now();
        if (!status || left <= 0 || hasReached(status.state, wanted)) return status;
        await pause(Math.min(wait, left));
        if (signal.aborted) throw new MillraceError('cancelled');
      }
    } finally {
      this.waiting -= 1;
    }
  }
}
