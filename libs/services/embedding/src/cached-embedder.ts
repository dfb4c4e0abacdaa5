import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { documentKey } from '@millrace/contracts';
import {
  CACHE,
  EMBEDDERS,
  type Cache,
  type CacheEntry,
  type Embedded,
  type Embedders,
  type EmbeddingModel,
  type EmbedOptions,
} from '@millrace/ports';
import { observeGauge, type SettingsOf } from '@millrace/platform';
import { embeddingSettings } from './embedding-settings.ts';
import { QuestionsUnderWay } from './questions-under-way.ts';
import { ServingModel } from './serving-model.ts';
import { fromBytes, toBytes } from './vector-bytes.ts';

const hourMs = 3_600_000;

/** Whose texts they are. */
export interface Whose {
  readonly tenant: string;
  /** The document that each text stands in, in their order; none for a question's. */
  readonly documents?: readonly string[] | undefined;
}

export interface CachedOptions extends EmbedOptions {
  /** Catalogue name; without: the one that serves. */
  readonly model?: string | undefined;
}

/**
 * The models behind a cache of vectors, keyed by the tenant, the hash of what is embedded (the text behind the model's prefix
 * for its kind) and the model's fingerprint. It is shared between documents and questions, but not across tenants, who
 * could tell from the time it takes what others have; and a vector is owned by the document that it was last asked for, to
 * be forgotten when that is erased. A cache that fails, a full disk under it for instance, costs time and no answer.
 */
@Injectable()
export class CachedEmbedder {
  private hits = 0;
  private lookups = 0;
  private failures = 0;

  constructor(
    @Inject(EMBEDDERS) private readonly embedders: Embedders,
    @Inject(ServingModel) private readonly serving: ServingModel,
    @Inject(CACHE) private readonly cache: Cache,
    @Inject(embeddingSettings.token) private readonly settings: SettingsOf<typeof embeddingSettings>,
    @Inject(QuestionsUnderWay) private readonly questions: QuestionsUnderWay,
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
  }

  /** `tokens` counts what was computed: cached texts are free. What belongs to nobody is not kept. */
  async embed(texts: readonly string[], options: CachedOptions, whose?: Whose): Promise<Embedded> {
    const embed = () => this.embedNow(texts, options, whose);
    return options.lane === 'interactive' ? this.questions.during(embed) : embed();
  }

  private async embedNow(
    texts: readonly string[],
    { model: name, ...options }: CachedOptions,
    whose: Whose | undefined,
  ): Promise<Embedded> {
    const embedder = name === undefined ? await this.serving.get() : await this.embedders.get(name);
    if (this.settings.cacheHours === 0 || whose === undefined) return embedder.embed(texts, options);
    const { tenant, documents } = whose;
    const { model } = embedder;
    const keys = texts.map((text) => keyOf(text, { kind: options.kind, tenant, model }));
    const known = await this.known(keys);
    const entriesOf = (vectors: readonly (Float32Array | undefined)[]): CacheEntry[] =>
      keys.flatMap((key, index) => {
        const document = documents?.[index];
        const isKept = known[index] !== undefined && document === undefined;
        if (isKept) return [];
        const owners = document === undefined ? undefined : [documentKey({ tenant, document })];
        return [{ key, value: toBytes([vectors[index]!]), owners }];
      });
    const missing = texts.filter((_, index) => known[index] === undefined);
    if (missing.length === 0) {
      await this.remember(entriesOf(known));
      return { model, vectors: known as Float32Array[], tokens: 0, millis: none };
    }
    const computed = await embedder.embed(missing, options);
    // Another file was loaded meanwhile: what was kept is of the one before.
    if (computed.model.fingerprint !== model.fingerprint) return embedder.embed(texts, options);
    const fresh = computed.vectors[Symbol.iterator]();
    const vectors = known.map((vector) => vector ?? (fresh.next().value as Float32Array));
    await this.remember(entriesOf(vectors));
    return { ...computed, vectors };
  }

  private async known(keys: readonly string[]): Promise<(Float32Array | undefined)[]> {
    const found = await this.cache.getMany(keys).catch(() => this.failed(keys.map(() => undefined)));
    this.lookups += keys.length;
    this.hits += found.filter((bytes) => bytes !== undefined).length;
    return found.map((bytes) => bytes && fromBytes(bytes));
  }

  private async remember(entries: readonly CacheEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.cache.set(entries, this.settings.cacheHours * hourMs).catch(() => this.failed(undefined));
  }

  private failed<T>(instead: T): T {
    this.failures += 1;
    return instead;
  }
}

/** Nothing was computed. */
const none = { load: 0, tokenize: 0, queue: 0, inference: 0 };

interface KeyParts {
  readonly kind: EmbedOptions['kind'];
  readonly tenant: string;
  readonly model: EmbeddingModel;
}

function keyOf(text: string, { kind, tenant, model }: KeyParts): string {
  const hash = createHash('sha256').update(model.prefixes[kind]).update(text).digest('base64url');
  return `vector/${model.fingerprint}/${tenant}/${hash}`;
}
