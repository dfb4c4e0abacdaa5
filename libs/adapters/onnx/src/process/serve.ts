import type { FromWorker, ToWorker } from './messages.ts';
import { Refusal } from './refusal.ts';

export interface WorkerRole<Start, Hello, Request, Reply> {
  /** Loads what is needed and proves that it runs; only then does the worker count as ready. */
  start(options: Start): Promise<Hello>;
  /**
   * A `Refusal` is an answer; any other error ends the process, and the parent decides what to do with the request.
   * Long work says now and then that it is `alive`.
   */
  handle(request: Request, alive: () => void): Promise<Reply>;
}

/**
 * The worker's side: one request at a time, in order. Signals are the parent's business: Ctrl-C reaches the whole
 * process group, and work under way must be allowed to end. A worker without its parent ends.
 */
export function serveParent<S, H, Q, A>(role: WorkerRole<S, H, Q, A>): void {
  let turn: Promise<void> = Promise.resolve();
  process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: ToWorker<S, Q>) => {
    turn = turn.then(() => answer(role, message)).catch(giveUp);
  });
}

async function answer<S, H, Q, A>(role: WorkerRole<S, H, Q, A>, message: ToWorker<S, Q>): Promise<void> {
  if (message.type === 'start')
    return tell<H, A>({ type: 'ready', hello: await role.start(message.options) });
  const { id, body } = message;
  try {
    tell<H, A>({ type: 'reply', id, body: await role.handle(body, aliveTeller()) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tell<H, A>({ type: 'refusal', id, code: error.code, detail: error.detail });
  }
}

/** That the parent is gone is told by `disconnect`. */
const tell = <H, A>(message: FromWorker<H, A>): void =>
  void process.send?.(message, undefined, undefined, () => undefined);

function giveUp(error: unknown): void {
  console.error(error);
  process.exit(1);
}

/** At most one message a second, however often it is called. */
function aliveTeller(): () => void {
  let told = performance.now();
  return () => {
    if (performance.now() - told < 1000) return;
    told = performance.now();
    tell({ type: 'alive' });
  };
}
