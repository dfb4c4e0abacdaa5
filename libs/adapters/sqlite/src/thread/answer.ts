import { GroupCommit } from './group-commit.ts';
import type { ThreadModule, ThreadReply, ThreadRequest } from './protocol.ts';
import { toWire } from './wire-error.ts';

/** Runs calls in order. Those of a `GroupCommit` share a transaction and are answered once it is committed. */
export function answerAll(
  opened: ThreadModule | GroupCommit,
  requests: readonly ThreadRequest[],
): ThreadReply[] {
  if (!(opened instanceof GroupCommit)) return requests.map((request) => answer(opened, request));
  const [closing, grouped] = [requests.filter(isClose), requests.filter((request) => !isClose(request))];
  const replies = commitTogether(opened, grouped);
  return [...replies, ...closing.map((request) => answer({ close: () => opened.close() }, request))];
}

/** What to answer when the database could not be opened. Closing it is always possible. */
export function refuseAll(reason: unknown, requests: readonly ThreadRequest[]): ThreadReply[] {
  const error = toWire(reason);
  return requests.map((request) =>
    isClose(request) ? { id: request.id, value: undefined } : { id: request.id, error },
  );
}

const isClose = ({ method }: ThreadRequest): boolean => method === 'close';

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
