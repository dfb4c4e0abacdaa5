import type { Settings } from '../config/settings.ts';
import { bootstrap, type Composed, type Running } from './bootstrap.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Runs a process until SIGTERM or SIGINT, then drains it; a second signal ends it at once. Exit code 0 after a clean drain. */
export async function run(
  name: string,
  settings: Settings,
  compose: (logger: Logger) => Promise<Composed>,
): Promise<Running> {
  // First of all: an orchestrator may stop a process that is still starting.
  let running: Running | undefined = undefined as Running | undefined;
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
  running = await bootstrap(name, settings, compose);
  return running;
}
