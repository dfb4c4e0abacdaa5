import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { GroupCommit } from './group-commit.ts';
import type { ThreadModule, ThreadReply, ThreadRequest, ThreadStart } from './protocol.ts';
import { toWire } from './wire-error.ts';

/** Opens a module's database: plain methods, or methods that may share a transaction. */
export type OpenModule = (file: string) => ThreadModule | GroupCommit;

/** Calls of one group at most, so that the first does not wait long for the last. */
const maxGroup = 256;

/** The thread's side: opens the named module and answers calls one after the other. */
export function runThread(modules: Readonly<Record<string, OpenModule>>): void {
  const { module, file } = workerData as ThreadStart;
  const open = modules[module];
  if (!open || !parentPort) throw new Error(`no thread module named ${module}`);
  const port = parentPort;
  const run = answering(() => open(file));
  port.on('message', (first: ThreadRequest[]) => {
    for (let requests = first; requests.length > 0; requests = waiting(port)) port.postMessage(run(requests));
  });
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

/** A database that cannot be opened answers every call with the reason. */
function answering(open: () => ThreadModule | GroupCommit): (requests: ThreadRequest[]) => ThreadReply[] {
  try {
    const opened = open();
    return opened instanceof GroupCommit
      ? (requests) => answerGroup(opened, requests)
      : (requests) => requests.map((request) => answer(opened, request));
  } catch (error) {
    const refused = toWire(error);
    return (requests) =>
      requests.map(({ id, method }) =>
        method === 'close' ? { id, value: undefined } : { id, error: refused },
      );
  }
}

function answerGroup(group: GroupCommit, requests: readonly ThreadRequest[]): ThreadReply[] {
  const closing = requests.filter(({ method }) => method === 'close');
  const grouped = requests.filter(({ method }) => method !== 'close');
  const closeAfter = closing.map((request) => () => answer({ close: () => group.close() }, request));
  return [...commitTogether(group, grouped), ...closeAfter.map((close) => close())];
}

function commitTogether(group: GroupCommit, requests: readonly ThreadRequest[]): ThreadReply[] {
  if (requests.length === 0) return [];
  const all = () => requests.map((request) => ({ id: request.id, value: call(group.methods, request) }));
  try {
    return group.transaction(all);
  } catch (error) {
    if (requests.length > 1) return requests.flatMap((request) => commitTogether(group, [request]));
    return requests.map(({ id }) => ({ id, error: toWire(error) }));
  }
}

function answer(module: ThreadModule, request: ThreadRequest): ThreadReply {
  try {
    return { id: request.id, value: call(module, request) };
  } catch (error) {
    return { id: request.id, error: toWire(error) };
  }
}

function call(module: ThreadModule, { method, args }: ThreadRequest): unknown {
  const run = module[method];
  if (!run) throw new Error(`no method named ${method}`);
  return run(...args);
}
