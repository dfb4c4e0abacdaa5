import { eventLogConformance, noEngine } from '@millrace/testing';
import { describe, it } from 'vitest';
import { brokers, harness } from './testing/kafka-harness.ts';

if (brokers) eventLogConformance('KafkaEventLog', () => harness(brokers!));
else describe('KafkaEventLog', () => it('conforms', (context) => context.skip(noEngine('kafka'))));
