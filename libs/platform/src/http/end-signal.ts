import type { ServerResponse } from 'node:http';
import { MillraceError } from '@millrace/contracts';

/** Aborts when the connection closes before the answer was written, or the process waits for it no longer (`cutOff`). */
export function endSignal(response: ServerResponse, cutOff: AbortSignal): AbortController {
  const controller = new AbortController();
  const cut = () => controller.abort(cutOff.reason);
  cutOff.addEventListener('abort', cut);
  response.once('close', () => {
    cutOff.removeEventListener('abort', cut);
    if (!response.writableFinished) controller.abort(new MillraceError('cancelled'));
  });
  return controller;
}
