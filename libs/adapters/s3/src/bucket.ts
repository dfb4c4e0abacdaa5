import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { MillraceError } from '@millrace/contracts';
import { Places } from './places.ts';
import { asMillraceError, attemptsOf, isAbsent, isRace, isTaken } from './s3-error.ts';

export interface BucketOptions {
  /** Without one: Amazon's for the region. */
  readonly endpoint?: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** The bucket in the path instead of the host name. Default: true when there is an endpoint. */
  readonly forcePathStyle?: boolean;
  /** Longest that nothing comes over a connection. Default 6,000. */
  readonly stallMs?: number;
  /** Tries of a request in all. Default 3. */
  readonly attempts?: number;
}

const connectMs = 2_000;
/** Requests at a time. */
const maxSockets = 64;
/** Requests that may wait for their turn; one more is refused with `queue_full`. */
const maxWaiting = 10_000;
const pageSize = 1_000;
const races = 5;
/** A request with its retries is given up after twice the longest stall, and so much more for every megabyte it sends. */
const stalls = 2;
const megabyteMs = 4_000;
/** Names the write that an object came from. */
const writeTag = 'millrace-write';

/** The requests that the blob store is made of, with their time-outs, their retries and our errors. */
export class Bucket {
  private readonly client: S3Client;
  private readonly attempts: number;
  private readonly stallMs: number;
  /** As many as there are connections: the time-out of connecting counts the wait for a free one. */
  private readonly places = new Places(maxSockets, maxWaiting);
  /** The last write failed: a server whose disk is full still answers every question. */
  private writesFail = false;

  constructor(private readonly options: BucketOptions) {
    const { stallMs = 6_000, attempts = 3, endpoint } = options;
    this.stallMs = stallMs;
    this.attempts = attempts;
    this.client = new S3Client({
      region: options.region,
      ...(endpoint !== undefined && { endpoint }),
      forcePathStyle: options.forcePathStyle ?? endpoint !== undefined,
      credentials: { accessKeyId: options.accessKey, secretAccessKey: options.secretKey },
      maxAttempts: attempts,
      // Not every server knows the newer checksums (aws/aws-sdk-js-v3 #6810).
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: connectMs,
        // `requestTimeout` would only warn, and would end large uploads that are well under way.
        socketTimeout: stallMs,
        httpAgent: { keepAlive: true, maxSockets },
        httpsAgent: { keepAlive: true, maxSockets },
      },
    });
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.request(() => this.write(this.putCommand(key, bytes), bytes.byteLength));
  }

  /** False when the key is taken. A first try whose answer was lost is not mistaken for another's write. */
  async putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    const write = randomUUID();
    const command = () => this.putCommand(key, bytes, { IfNoneMatch: '*', Metadata: { [writeTag]: write } });
    for (let race = 1; ; race++)
      try {
        await this.places.run(() => this.write(command(), bytes.byteLength));
        return true;
      } catch (error) {
        if (isTaken(error)) return attemptsOf(error) > 1 && (await this.isOf(key, write));
        if (!isRace(error) || race === races) throw asMillraceError(error);
      }
  }

  /** A body that breaks off is asked for again; one that is too large is not read. */
  async get(key: string, maxBytes = Infinity): Promise<Uint8Array | undefined> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.places.run(async () => {
          const { Body, ContentLength = 0 } = await this.client.send(new GetObjectCommand(this.of(key)));
          if (ContentLength <= maxBytes) return Body?.transformToByteArray();
          (Body as Readable | undefined)?.destroy();
          throw new MillraceError('blob_too_large', { detail: `${ContentLength} bytes` });
        });
      } catch (error) {
        if (isAbsent(error)) return undefined;
        if (error instanceof MillraceError || attemptsOf(error) > 1 || attempt >= this.attempts)
          throw asMillraceError(error);
      }
  }

  async has(key: string): Promise<boolean> {
    return (await this.head(key)) !== undefined;
  }

  async delete(key: string): Promise<void> {
    await this.request(() => this.client.send(new DeleteObjectCommand(this.of(key)), this.inTime()));
  }

  /** At most a page of keys. */
  async deleteMany(keys: readonly string[]): Promise<void> {
    const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
    const { Errors: [first] = [] } = await this.request(() =>
      this.client.send(new DeleteObjectsCommand({ Bucket: this.options.bucket, Delete }), this.inTime()),
    );
    if (first) throw asMillraceError(Object.assign(new Error(), { name: first.Code ?? 'delete refused' }));
  }

  /** In the order of their bytes, `after` exclusive; fewer than asked for only at the end. */
  async list(prefix: string, after: string | undefined, limit: number): Promise<string[]> {
    const keys: string[] = [];
    for (let token: string | undefined; keys.length < limit;) {
      const page = await this.page(prefix, after, Math.min(pageSize, limit - keys.length), token);
      keys.push(...page.keys);
      token = page.token;
      if (token === undefined) break;
    }
    return keys;
  }

  /**
   * Rejects when the bucket does not answer within this time; does not wait for its turn. While writes fail it tries
   * one, of `key`; else it only asks, for every write costs.
   */
  async probe(withinMs: number, key: string): Promise<void> {
    const command = new HeadBucketCommand({ Bucket: this.options.bucket });
    const abortSignal = AbortSignal.timeout(withinMs);
    try {
      await this.client.send(command, { abortSignal });
      if (this.writesFail) await this.tryWrite(key, abortSignal);
    } catch (error) {
      throw asMillraceError(error);
    }
  }

  close(): void {
    this.client.destroy();
  }

  private async write(command: PutObjectCommand, bytes: number): Promise<void> {
    try {
      await this.client.send(command, this.inTime(bytes));
      this.writesFail = false;
    } catch (error) {
      this.writesFail ||= !isTaken(error) && !isRace(error);
      throw error;
    }
  }

  private async tryWrite(key: string, abortSignal: AbortSignal): Promise<void> {
    await this.client.send(this.putCommand(key, new Uint8Array(1)), { abortSignal });
    await this.client.send(new DeleteObjectCommand(this.of(key)), { abortSignal });
    this.writesFail = false;
  }

  private async page(prefix: string, after: string | undefined, size: number, token: string | undefined) {
    const from = token === undefined ? { StartAfter: after } : { ContinuationToken: token };
    const command = new ListObjectsV2Command({
      ...{ Bucket: this.options.bucket, Prefix: prefix, MaxKeys: size, ...from },
    });
    const { Contents = [], NextContinuationToken } = await this.request(() =>
      this.client.send(command, this.inTime()),
    );
    return { keys: Contents.flatMap(({ Key }) => Key ?? []), token: NextContinuationToken };
  }

  private async isOf(key: string, write: string): Promise<boolean> {
    return (await this.head(key))?.[writeTag] === write;
  }

  /** What was noted with an object. */
  private async head(key: string): Promise<Record<string, string> | undefined> {
    try {
      const answer = await this.places.run(() =>
        this.client.send(new HeadObjectCommand(this.of(key)), this.inTime()),
      );
      return answer.Metadata ?? {};
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw asMillraceError(error);
    }
  }

  private putCommand(key: string, bytes: Uint8Array, more: Partial<PutObjectCommandInput> = {}) {
    const Body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new PutObjectCommand({ ...this.of(key), Body, ...more });
  }

  private async request<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await this.places.run(send);
    } catch (error) {
      throw asMillraceError(error);
    }
  }

  /** A server that hangs is told from one that is slow. Not for reading: how much comes is not known before. */
  private inTime(bytes = 0): { abortSignal: AbortSignal } {
    const ms = stalls * this.stallMs + (bytes / 1024 ** 2) * megabyteMs;
    return { abortSignal: AbortSignal.timeout(Math.ceil(ms)) };
  }

  private readonly of = (key: string) => ({ Bucket: this.options.bucket, Key: key });
}
