import { DeleteObjectsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { Redis } from 'ioredis';
import { Kafka } from 'kafkajs';
import { Client, escapeIdentifier } from 'pg';

/**
 * One of several installations on the same engines: its name stands before every topic, key and collection, and its
 * registry is a database of that name.
 * @typedef {import('../../libs/testing/src/engines.ts').Engines} Engines
 */
export class Installation {
  /**
   * @param {Engines} engines
   * @param {string} name small letters, digits, hyphens
   */
  constructor(engines, name) {
    this.engines = engines;
    this.name = name;
  }

  /** What its services are told beyond where the engines are. */
  get environment() {
    const registry = new URL(this.engines.postgres.url);
    registry.pathname = this.name;
    return {
      MILLRACE_KAFKA_PREFIX: this.topics,
      MILLRACE_REDIS_PREFIX: this.name,
      MILLRACE_S3_PREFIX: this.blobs,
      MILLRACE_QDRANT_PREFIX: this.collections,
      MILLRACE_POSTGRES_URL: registry.href,
    };
  }

  /** Makes its database, which is all that its services do not make themselves. */
  async make() {
    await this.sql(async (client) => {
      const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [this.name]);
      if (rowCount === 0) await client.query(`create database ${escapeIdentifier(this.name)}`);
    });
  }

  /** Removes everything that it wrote. */
  async remove() {
    await Promise.all([
      this.removeTopics(),
      this.removeKeys(),
      this.removeBlobs(),
      this.removeCollections(),
      this.sql((client) =>
        client.query(`drop database if exists ${escapeIdentifier(this.name)} with (force)`),
      ),
    ]);
  }

  get topics() {
    return `${this.name}.`;
  }

  get blobs() {
    return `${this.name}/`;
  }

  get collections() {
    return `${this.name}-`;
  }

  async removeTopics() {
    const brokers = [...this.engines.kafka.brokers];
    const admin = new Kafka({ brokers, logCreator: () => () => undefined }).admin();
    await admin.connect();
    try {
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(this.topics));
      if (topics.length > 0) await admin.deleteTopics({ topics });
      const { groups } = await admin.listGroups();
      const own = groups.map(({ groupId }) => groupId).filter((group) => group.startsWith(this.topics));
      if (own.length > 0) await admin.deleteGroups(own);
    } finally {
      await admin.disconnect();
    }
  }

  async removeKeys() {
    const redis = new Redis(this.engines.redis.url);
    try {
      for await (const keys of redis.scanStream({ match: `${this.name}:*`, count: 1_000 }))
        if (keys.length > 0) await redis.unlink(keys);
    } finally {
      redis.disconnect();
    }
  }

  async removeBlobs() {
    const { endpoint, region, bucket, accessKey, secretKey } = this.engines.s3;
    const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    try {
      const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: this.blobs });
      for await (const { Contents = [] } of pages) {
        const Objects = Contents.map(({ Key }) => ({ Key }));
        if (Objects.length > 0)
          await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
      }
    } finally {
      client.destroy();
    }
  }

  async removeCollections() {
    const { url, apiKey } = this.engines.qdrant;
    const headers = apiKey ? { 'api-key': apiKey } : {};
    const answer = await fetch(`${url}/collections`, { headers });
    const { result } = /** @type {{ result: { collections: { name: string }[] } }} */ (await answer.json());
    for (const { name } of result.collections)
      if (name.startsWith(this.collections))
        await fetch(`${url}/collections/${encodeURIComponent(name)}`, { method: 'DELETE', headers });
  }

  /** @param {(client: Client) => Promise<unknown>} act */
  async sql(act) {
    const client = new Client({ connectionString: this.engines.postgres.url });
    await client.connect();
    try {
      await act(client);
    } finally {
      await client.end();
    }
  }
}
