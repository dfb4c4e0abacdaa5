import { setTimeout as sleep } from 'node:timers/promises';
import { routes, type DocumentState, type DocumentStatus } from '@millrace/contracts';
import type { MillraceClient } from './client.ts';

/** Seconds that one question may stay open on the server. */
const longPollSeconds = 30;
/** Between two questions, should the server answer at once. */
const pauseMs = 250;
/** A server that is being restarted is waited for. */
const patienceMs = 300_000;

const finalStates: ReadonlySet<DocumentState> = new Set(['indexed', 'deleted', 'dead-lettered']);

/**
 * Waits until a version, or a newer one, is in a final state.
 * @param hoped the state to wait for on the server
 */
export async function follow(
  client: MillraceClient,
  { id, version }: { readonly id: string; readonly version: number },
  hoped: 'indexed' | 'deleted',
  signal: AbortSignal,
): Promise<DocumentStatus> {
  for (;;) {
    const query = { wait: hoped, timeout: longPollSeconds };
    const status = await client.call(routes.getDocument, { params: { id }, query, patienceMs });
    if (status.version >= version && finalStates.has(status.state)) return status;
    await sleep(pauseMs, undefined, { signal });
  }
}
