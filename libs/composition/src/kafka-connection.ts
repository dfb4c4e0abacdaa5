import type { KafkaConnection } from '@millrace/adapters/kafka';
import type { Settings } from '@millrace/platform';
import { kafkaSettings } from './settings/engine-settings.ts';

/** How this process reaches Kafka. */
export function kafkaConnection(settings: Settings): KafkaConnection {
  const { brokers, tls, saslMechanism, username, password } = settings.of(kafkaSettings);
  return {
    brokers: brokers!,
    ssl: tls,
    ...(saslMechanism && {
      sasl: { mechanism: saslMechanism, username: username ?? '', password: password ?? '' },
    }),
  };
}
