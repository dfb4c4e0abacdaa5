/** What a process runs until it is told to stop. */
export interface Stoppable {
  /** Drains and closes. */
  stop(): Promise<void>;
}

/** Starts something and runs it until SIGTERM or SIGINT, then stops it; a second signal ends the process at once. */
export async function untilSignal<R extends Stoppable>(start: () => Promise<R>): Promise<R> {
  // First of all: an orchestrator may stop a process that is still starting.
  let running: R | undefined = undefined as R | undefined;
  let stopping = false;
  const onSignal = () => {
    if (stopping || !running) process.exit(stopping ? 130 : 0);
    stopping = true;
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  running = await start();
  return running;
}
