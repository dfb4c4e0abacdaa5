import type { Principal, RouteSpec } from '@millrace/contracts';
import type { z } from 'zod';

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface UploadedFile {
  readonly filename: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export type FormOf<R extends RouteSpec> = R extends { form: { fields: infer F } }
  ? { readonly fields: Parsed<F>; readonly file: UploadedFile }
  : undefined;

/** A validated, authorised request. Exactly one of `body`, `form` and `cloudEvent` is set where the route takes one. */
export interface RouteRequest<R extends RouteSpec> {
  readonly params: R extends { params: infer P } ? Parsed<P> : undefined;
  readonly query: R extends { query: infer Q } ? Parsed<Q> : undefined;
  readonly body: R extends { body: infer B }
    ? Parsed<B> | (R extends { form: object } ? undefined : never)
    : undefined;
  readonly form: FormOf<R> | undefined;
  readonly cloudEvent: R extends { cloudEvent: infer C } ? Parsed<C> | undefined : undefined;
  readonly principal: Principal;
  /** As they came; those that the route declares are read as it says. */
  readonly headers: R extends { headers: infer H } ? Parsed<H> : Readonly<Record<string, string | undefined>>;
  readonly requestId: string;
  /** On the answer, also where that is an error; until its head is sent. */
  readonly setHeader: (name: string, value: string) => void;
  /** Aborts when the client goes away before the answer is complete. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds of the request's arrival. */
  readonly receivedAt: number;
}
