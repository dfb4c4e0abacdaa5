import type { ISocketFactory } from 'kafkajs';

/** Where Kafka is, and who we are there. */
export interface KafkaConnection {
  /** `host:port` of some brokers; the others are learned from them. */
  readonly brokers: readonly string[];
  /** How the broker's logs, quotas and metrics call us. Default `millrace`. */
  readonly clientId?: string;
  /** TLS; with an object, PEM texts. Default false. */
  readonly ssl?:
    | boolean
    | {
        /** Who signed the brokers' certificates. Default: the authorities that Node trusts. */
        readonly ca?: string;
        /** Our certificate and its key, where the brokers ask for one. */
        readonly cert?: string;
        readonly key?: string;
      };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** Told of what goes wrong: refused or failed handlers, and one line when Kafka goes away. Default: nobody is. */
  readonly onError?: (error: unknown) => void;
  /** Told, in a line, of what is worth knowing: Kafka is back. Default: nobody is. */
  readonly onWarning?: (message: string) => void;
  /** For tests that cut connections. */
  readonly socketFactory?: ISocketFactory;
}
