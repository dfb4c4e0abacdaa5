import { Kafka, type KafkaConfig } from 'kafkajs';
import type { KafkaConnection } from './kafka-options.ts';
import { mendConnections } from './mend-connection.ts';
import { mendHeaders } from './mend-headers.ts';
import { calmRequestQueues } from './calm-request-queue.ts';

/** For TLS handshakes on a busy machine as well. */
const connectMs = 3_000;
/** A request without an answer: its connection is given up then. The broker's own limit for a write is below it. */
const answerMs = 6_000;

/**
 * How long kafkajs tries again by itself, with pauses from 100 to 500 ms. The same number stands for its outer and
 * inner loops, of which the innermost that gives up ends all.
 */
export const patience = {
  /** A broker that is restarted takes 4 to 11 s (measured). */
  publishing: { retries: 18 },
  consuming: { retries: 12 },
  /** On a new cluster, the first question about a group meets a coordinator that is still being set up. */
  asking: { retries: 4 },
} as const;

/**
 * A client with our limits. Its log is dropped: it has several lines for each attempt to connect, and whatever matters
 * of it comes back to us as an error.
 */
export function kafkaClient(
  connection: KafkaConnection,
  { retries }: (typeof patience)[keyof typeof patience],
): Kafka {
  mendConnections();
  mendHeaders();
  calmRequestQueues();
  const { brokers, clientId = 'millrace', ssl, sasl, socketFactory } = connection;
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: connectMs,
    authenticationTimeout: connectMs,
    requestTimeout: answerMs,
    // Spelled out, as kafkajs has other defaults where NODE_ENV is "test".
    retry: { retries, initialRetryTime: 100, maxRetryTime: 500, multiplier: 2, factor: 0.2 },
    logCreator: () => () => undefined,
    ...(ssl && { ssl: typeof ssl === 'object' ? { ...ssl } : true }),
    ...(sasl && { sasl: saslOf(sasl) }),
    ...(socketFactory && { socketFactory }),
  });
}

/** kafkajs wants each mechanism as a type of its own. */
const saslOf = (sasl: NonNullable<KafkaConnection['sasl']>): NonNullable<KafkaConfig['sasl']> =>
  ({ ...sasl }) as NonNullable<KafkaConfig['sasl']>;
