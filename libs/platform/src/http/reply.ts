/** An answer other than "this JSON with the route's status". */
export class Reply {
  constructor(
    readonly body: unknown,
    readonly options: {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** For a body that is text and not JSON. */
      readonly mediaType?: string;
    } = {},
  ) {}
}

/**
 * Server-sent events: each item becomes one `data:` frame, `done` the last. An error thrown by the iterable becomes an
 * `error` frame without `done`, so that a broken answer never looks complete.
 */
export class EventStreamReply {
  constructor(
    readonly frames: AsyncIterable<object>,
    readonly options: {
      readonly done?: string;
      /** Each frame is an event of its `type`. */
      readonly named?: boolean;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {}
}
