import type { Settings } from '../config/settings.ts';
import { bootstrap, type Composed, type Running } from './bootstrap.ts';
import type { Logger } from '../telemetry/logger.ts';
import { untilSignal } from './until-signal.ts';

/** Runs services until a signal. Exit code 0 after a clean drain. */
export const run = (
  name: string,
  settings: Settings,
  compose: (logger: Logger) => Promise<Composed>,
): Promise<Running> => untilSignal(() => bootstrap(name, settings, compose));
