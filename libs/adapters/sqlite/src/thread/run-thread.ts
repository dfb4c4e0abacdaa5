import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadModule, ThreadReply, ThreadRequest, ThreadStart } from './protocol.ts';

/** The thread's side: opens the named module and answers calls one after the other. */
export function runThread(modules: Readonly<Record<string, (file: string) => ThreadModule>>): void {
  const { module, file } = workerData as ThreadStart;
  const open = modules[module];
  if (!open || !parentPort) throw new Error(`no thread module named ${module}`);
  const port = parentPort;
  const opened = open(file);
  port.on('message', ({ id, method, args }: ThreadRequest) =>
    port.postMessage(answer(opened, id, method, args)),
  );
}

function answer(module: ThreadModule, id: number, method: string, args: readonly unknown[]): ThreadReply {
  try {
    const run = module[method];
    if (!run) throw new Error(`no method named ${method}`);
    return { id, value: run(...args) };
  } catch (error) {
    return { id, error };
  }
}
