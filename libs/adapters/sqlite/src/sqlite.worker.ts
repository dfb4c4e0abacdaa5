import { runThread } from './thread/run-thread.ts';

/** Thread module by name: each opens its own database file. */
runThread({});
