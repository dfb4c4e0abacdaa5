import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { root } from '../toolchain/root.mjs';

/**
 * What every service is told: where the engines are, and the key that may do everything.
 * @param {import('../../libs/testing/src/engines.ts').Engines} engines
 * @param {string} adminKey
 */
export const environmentOf = ({ kafka, redis, postgres, s3, qdrant }, adminKey) => ({
  MILLRACE_PROFILE: 'distributed',
  MILLRACE_ADMIN_KEY: adminKey,
  MILLRACE_MODELS_DIR: resolve(root, process.env.MILLRACE_MODELS_DIR ?? '.millrace/models'),
  MILLRACE_KAFKA_BROKERS: kafka.brokers.join(','),
  MILLRACE_REDIS_URL: redis.url,
  MILLRACE_POSTGRES_URL: postgres.url,
  MILLRACE_S3_ENDPOINT: s3.endpoint,
  MILLRACE_S3_REGION: s3.region,
  MILLRACE_S3_BUCKET: s3.bucket,
  MILLRACE_S3_ACCESS_KEY: s3.accessKey,
  MILLRACE_S3_SECRET_KEY: s3.secretKey,
  MILLRACE_QDRANT_URL: qdrant.url,
  ...(qdrant.apiKey && { MILLRACE_QDRANT_API_KEY: qdrant.apiKey }),
});

/** Made once and kept, readable by its owner only. */
export async function adminKey(dir) {
  if (process.env.MILLRACE_ADMIN_KEY) return process.env.MILLRACE_ADMIN_KEY;
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'admin-key');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept !== '') return kept.trim();
  const made = `mr_${randomBytes(24).toString('base64url')}`;
  await writeFile(file, `${made}\n`, { mode: 0o600 });
  return made;
}
