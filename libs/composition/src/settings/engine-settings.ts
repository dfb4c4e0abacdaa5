import { defineSettings, flag, whole } from '@millrace/platform';
import { z } from 'zod';

/** The engines of the distributed profile: what each needs to be reached. */

const list = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(',').map((item) => item.trim()))])
  .pipe(z.array(z.string().min(1)).min(1));

export const kafkaSettings = defineSettings('kafka', {
  brokers: { schema: list.optional(), reason: 'Kafka’s brokers, host:port, separated by commas.' },
  tls: { schema: flag.default(false), reason: 'Speak TLS to the brokers.' },
  saslMechanism: {
    schema: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
    reason: 'How to log in at the brokers; unset: not at all.',
  },
  username: { schema: z.string().optional(), reason: 'The name to log in with.' },
  password: { schema: z.string().optional(), reason: 'Its password.', secret: true },
  prefix: {
    schema: z
      .string()
      .regex(/^[\w.-]{0,100}$/, 'must be at most 100 plain letters, digits and _ . -')
      .default(''),
    reason: 'Put before the name of every topic and group: several installations can share a cluster.',
  },
});

export const redisSettings = defineSettings('redis', {
  url: {
    schema: z.url().optional(),
    reason: 'Redis for work queues, calls and caches: redis://user:password@host:port/0, rediss:// for TLS.',
    secret: true,
  },
  prefix: { schema: z.string().default('millrace'), reason: 'Put before every key.' },
});

export const postgresSettings = defineSettings('postgres', {
  url: {
    schema: z.url().optional(),
    reason: 'PostgreSQL for the registry: postgres://user:password@host:port/database.',
    secret: true,
  },
  poolSize: { schema: whole(3, 1000).default(10), reason: 'Connections one process opens.' },
});

export const s3Settings = defineSettings('s3', {
  endpoint: { schema: z.url().optional(), reason: 'The S3-compatible store; unset: AWS by its region.' },
  region: { schema: z.string().default('us-east-1'), reason: 'The region of the bucket.' },
  bucket: { schema: z.string().optional(), reason: 'The bucket for originals, extracted texts and vectors.' },
  prefix: { schema: z.string().default(''), reason: 'Put before every key in the bucket.' },
  accessKey: { schema: z.string().optional(), reason: 'Unset: the identity of the pod.', secret: true },
  secretKey: { schema: z.string().optional(), reason: 'The secret of that key.', secret: true },
});

export const qdrantSettings = defineSettings('qdrant', {
  url: { schema: z.url().optional(), reason: 'Qdrant for vectors and terms: http://host:6333.' },
  apiKey: { schema: z.string().optional(), reason: 'Its API key.', secret: true },
  prefix: {
    schema: z
      .string()
      .regex(/^[\w-]{0,100}$/, 'must be at most 100 plain letters, digits and _ -')
      .default('millrace-'),
    reason: 'Put before the name of every collection.',
  },
});

export const engineSettings = [kafkaSettings, redisSettings, postgresSettings, s3Settings, qdrantSettings];
