import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  CACHE,
  EMBEDDER,
  type Cache,
  type Embedded,
  type Embedder,
  type EmbedOptions,
} from '@millrace/ports';
import { observeGauge, type SettingsOf } from '@millrace/platform';
import { embeddingSettings } from './embedding-settings.ts';
import { fromBytes, toBytes } from './vector-bytes.ts';

const hourMs = 3_600_000;

/**
 * The model behind a cache of vectors, keyed by the text's hash, its kind and the model's fingerprint: shared between
 * documents and questions, and across tenants, since a vector tells no one who else had the text. A cache that fails, a
 * full disk under it for instance, costs time and no answer.
 */
@Injectable()
export class CachedEmbedder {
  private hits = 0;
  private lookups = 0;
  private failures = 0;

  constructor(
    @Inject(EMBEDDER) private readonly embedder: Embedder,
    @Inject(CACHE) private readonly cache: Cache,
    @Inject(embeddingSettings.token) private readonly settings: SettingsOf<typeof embeddingSettings>,
  ) {
    observeGauge(
      'millrace_vector_cache_hit_ratio',
      'Share of texts whose vector was in the cache, since the start.',
      () => [[this.lookups === 0 ? 0 : this.hits / this.lookups, {}]],
    );
    observeGauge(
      'millrace_vector_cache_failures',
      'Times that the cache of vectors could not be read or written, since the start.',
      () => [[this.failures, {}]],
    );
    observeGauge('millrace_embedder_waiting_tokens', 'Tokens waiting for an embedding worker.', () => [
      [this.embedder.health().waitingTokens, {}],
    ]);
  }

  get model(): Embedder['model'] {
    return this.embedder.model;
  }

  /** `tokens` counts what was computed: cached texts are free. */
  async embed(texts: readonly string[], options: EmbedOptions): Promise<Embedded> {
    const keys = texts.map((text) => this.key(text, options.kind));
    const known = await this.known(keys);
    const missing = texts.filter((_, index) => known[index] === undefined);
    if (missing.length === 0)
      return { vectors: known as Float32Array[], tokens: 0, millis: { tokenize: 0, queue: 0, inference: 0 } };
    const computed = await this.embedder.embed(missing, options);
    const fresh = computed.vectors[Symbol.iterator]();
    const vectors = known.map((vector) => vector ?? (fresh.next().value as Float32Array));
    await this.remember(
      keys.flatMap((key, index) => (known[index] === undefined ? [{ key, vector: vectors[index]! }] : [])),
    );
    return { ...computed, vectors };
  }

  private key(text: string, kind: EmbedOptions['kind']): string {
    const hash = createHash('sha256').update(kind).update('\0').update(text).digest('base64url');
    return `vector/${this.model.fingerprint}/${hash}`;
  }

  private async known(keys: readonly string[]): Promise<(Float32Array | undefined)[]> {
    if (this.settings.cacheHours === 0) return keys.map(() => undefined);
    const found = await this.cache.getMany(keys).catch(() => this.failed(keys.map(() => undefined)));
    this.lookups += keys.length;
    this.hits += found.filter((bytes) => bytes !== undefined).length;
    return found.map((bytes) => bytes && fromBytes(bytes));
  }

  private async remember(entries: readonly { key: string; vector: Float32Array }[]): Promise<void> {
    if (this.settings.cacheHours === 0) return;
    const values = entries.map(({ key, vector }) => ({ key, value: toBytes([vector]) }));
    await this.cache.set(values, this.settings.cacheHours * hourMs).catch(() => this.failed(undefined));
  }

  private failed<T>(instead: T): T {
    this.failures += 1;
    return instead;
  }
}
