export interface QdrantOptions {
  /** With its port and, behind a proxy, its path: `http://qdrant:6333`, `https://example.org/qdrant`. */
  readonly url: string;
  /** Sent with each request. Use it over https only. */
  readonly apiKey?: string | undefined;
  /** Before the name of every collection, so that several installations can share a server. Default `millrace-`. */
  readonly prefix?: string;
  /** Milliseconds that a request may take, waiting for a connection included. Default 10,000. */
  readonly requestMs?: number;
  /** Connections, and so requests at a time. Default 16. */
  readonly connections?: number;
  /** Requests under way or waiting; one more is refused with `queue_full`. Default 2,000. */
  readonly maxPending?: number;
  /** Copies of each new collection in a cluster. Default 1. */
  readonly replicas?: number;
  /** Milliseconds that a tenant's term statistics are used again before they are counted anew. Default 5,000. */
  readonly statisticsMs?: number;
  /**
   * Milliseconds that a version stays after it was replaced, unseen, and `publish` with it: a search that takes less
   * finds every document whole, however fast it changes. The same for all instances. Default 100.
   */
  readonly lingerMs?: number;
}

export const defaults: Required<Omit<QdrantOptions, 'url' | 'apiKey'>> = {
  prefix: 'millrace-',
  requestMs: 10_000,
  connections: 16,
  maxPending: 2_000,
  replicas: 1,
  statisticsMs: 5_000,
  lingerMs: 100,
};
