import type { ErrorCode } from '@millrace/contracts';

/**
 * What passes between a worker process and its parent. A worker answers requests in the order they came, one answer
 * each; the structured clone carries typed arrays as they are.
 */
export type ToWorker<Start, Request> =
  | { readonly type: 'start'; readonly options: Start }
  | { readonly type: 'request'; readonly id: number; readonly body: Request };

export type FromWorker<Hello, Reply> =
  | { readonly type: 'ready'; readonly hello: Hello }
  /** A long request is still being worked on. */
  | { readonly type: 'alive' }
  | { readonly type: 'reply'; readonly id: number; readonly body: Reply }
  /** The request was at fault; the worker goes on. */
  | {
      readonly type: 'refusal';
      readonly id: number;
      readonly code: ErrorCode;
      readonly detail?: string | undefined;
    };
