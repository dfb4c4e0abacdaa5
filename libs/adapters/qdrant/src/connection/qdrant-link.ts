import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import { QdrantClient } from '@qdrant/js-client-rest';
import type { QdrantOptions } from '../qdrant-options.ts';
import { asMillraceError, isPassing } from './qdrant-error.ts';

type Settings = Required<Omit<QdrantOptions, 'apiKey'>> & Pick<QdrantOptions, 'apiKey'>;

const attempts = 3;
const firstPauseMs = 50;
/** `healthy()` answers within two seconds. */
const probeMs = 1_500;

/**
 * Requests to Qdrant, a bounded number of them. One whose connection breaks is sent again: all that Millrace sends may
 * come twice. A time-out is not, for the server may be at work on it still.
 */
export class QdrantLink {
  private readonly client: QdrantClient;
  /** Of its own connection, so that it does not wait behind the others. */
  private readonly prober: QdrantClient;
  private pending = 0;
  private closed = false;

  constructor(private readonly settings: Settings) {
    this.client = clientOf(settings, settings.requestMs, settings.connections);
    this.prober = clientOf(settings, probeMs, 1);
  }

  /** Rejects with `dependency_unavailable`, `storage_full`, `queue_full`, `shutting_down` or `internal`. */
  async run<T>(ask: (client: QdrantClient) => Promise<T>): Promise<T> {
    return this.attempt(ask).catch((error: unknown) => {
      throw asMillraceError(error);
    });
  }

  /** As `run`, but with another answer in place of an expected error of the client. */
  async runOr<T>(
    ask: (client: QdrantClient) => Promise<T>,
    expected: (thrown: unknown) => boolean,
    otherwise: T,
  ): Promise<T> {
    return this.attempt(ask).catch((error: unknown) => {
      if (expected(error)) return otherwise;
      throw asMillraceError(error);
    });
  }

  async healthy(): Promise<boolean> {
    if (this.closed) return false;
    return this.prober.getCollections().then(
      () => true,
      () => false,
    );
  }

  /** What comes later is refused; idle connections end by themselves. */
  close(): void {
    this.closed = true;
  }

  private async attempt<T>(ask: (client: QdrantClient) => Promise<T>): Promise<T> {
    if (this.pending >= this.settings.maxPending)
      throw new MillraceError('queue_full', { retryAfter: 1, detail: 'the vector store is behind' });
    this.pending++;
    try {
      return await this.persist(ask);
    } finally {
      this.pending--;
    }
  }

  private async persist<T>(ask: (client: QdrantClient) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      if (this.closed) throw new MillraceError('shutting_down');
      try {
        return await ask(this.client);
      } catch (error) {
        if (attempt === attempts || !isPassing(error)) throw error;
      }
      await pause(firstPauseMs * 2 ** attempt * (0.5 + Math.random() / 2));
    }
  }
}

function clientOf({ url, apiKey }: Settings, timeout: number, maxConnections: number): QdrantClient {
  const { origin, pathname } = new URL(url);
  return new QdrantClient({
    url: origin,
    // Its default is 6333 whatever the scheme; here a URL means what it says.
    port: null,
    prefix: pathname.replace(/\/+$/, ''),
    // As `apiKey` it would be complained of on the console where there is no TLS.
    ...(apiKey !== undefined && { headers: { 'api-key': apiKey } }),
    timeout,
    maxConnections,
    checkCompatibility: false,
  });
}
