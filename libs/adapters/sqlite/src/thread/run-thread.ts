import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { answerAll, refuseAll } from './answer.ts';
import type { GroupCommit } from './group-commit.ts';
import type { ThreadModule, ThreadReply, ThreadRequest, ThreadStart } from './protocol.ts';

/** Opens a module's database: plain methods, or methods that may share a transaction. */
export type OpenModule = (file: string) => ThreadModule | GroupCommit;

/** Calls of one group, so that the first does not wait long for the last. */
const maxGroup = 256;

/** The thread's side: opens the named module and answers calls one after the other. */
export function runThread(modules: Readonly<Record<string, OpenModule>>): void {
  const { module, file } = workerData as ThreadStart;
  const open = modules[module];
  if (!open || !parentPort) throw new Error(`no thread module named ${module}`);
  const port = parentPort;
  const run = opened(() => open(file));
  port.on('message', (first: ThreadRequest[]) => {
    for (let requests = first; requests.length > 0; requests = waiting(port)) port.postMessage(run(requests));
  });
}

/** A database that cannot be opened answers every call with the reason. */
function opened(open: () => ThreadModule | GroupCommit): (requests: ThreadRequest[]) => ThreadReply[] {
  try {
    const module = open();
    return (requests) => answerAll(module, requests);
  } catch (reason) {
    return (requests) => refuseAll(reason, requests);
  }
}

/** What has arrived meanwhile. */
function waiting(port: MessagePort): ThreadRequest[] {
  const requests: ThreadRequest[] = [];
  while (requests.length < maxGroup) {
    const next = receiveMessageOnPort(port) as { message: ThreadRequest[] } | undefined;
    if (!next) break;
    requests.push(...next.message);
  }
  return requests;
}
