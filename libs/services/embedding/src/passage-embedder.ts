import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { MillraceError, type Chunk, type DocumentVersion, type ParsedDocument } from '@millrace/contracts';
import type { Embedded, EmbeddingModel } from '@millrace/ports';
import type { SettingsOf } from '@millrace/platform';
import { embeddingText } from '@millrace/text';
import { CachedEmbedder } from './cached-embedder.ts';
import { embeddingSettings } from './embedding-settings.ts';

export interface Passages {
  readonly model: EmbeddingModel;
  /** One for each chunk, in their order. */
  readonly rows: readonly Float32Array[];
}

export interface PassageOptions {
  /** Catalogue name. */
  readonly model: string;
  readonly signal: AbortSignal;
  /** Chunks handed to the model at a time. Default: the setting. */
  readonly batchChunks?: number;
  /** What each batch is made through. Default: at once. */
  readonly through?: <T>(makeBatch: () => Promise<T>) => Promise<T>;
}

/** The vectors of a document's chunks, in the bulk lane. */
@Injectable()
export class PassageEmbedder {
  constructor(
    @Inject(CachedEmbedder) private readonly embedder: CachedEmbedder,
    @Inject(embeddingSettings.token) private readonly settings: SettingsOf<typeof embeddingSettings>,
  ) {}

  async embed(
    { title, chunks }: ParsedDocument,
    of: DocumentVersion,
    { batchChunks = this.settings.batchChunks, through = (make) => make(), ...options }: PassageOptions,
  ): Promise<Passages> {
    const rows: Float32Array[] = [];
    let model: EmbeddingModel | undefined;
    for (let from = 0; from < chunks.length; from += batchChunks) {
      const texts = chunks.slice(from, from + batchChunks).map((chunk) => passageText(title, chunk));
      const embedded = await through(() => this.patiently(texts, of, options));
      if (model && model.fingerprint !== embedded.model.fingerprint) throw replaced();
      model = embedded.model;
      rows.push(...embedded.vectors);
    }
    return { model: model!, rows };
  }

  /** A full model queue holds the job up, so that what is already embedded is not thrown away. */
  private async patiently(
    texts: readonly string[],
    { tenant, document }: DocumentVersion,
    { model, signal }: PassageOptions,
  ): Promise<Embedded> {
    for (;;)
      try {
        const options = {
          kind: 'passage',
          lane: 'bulk',
          group: tenant,
          truncate: true,
          signal,
          model,
        } as const;
        const documents = texts.map(() => document);
        return await this.embedder.embed(texts, options, { tenant, documents });
      } catch (error) {
        if (!(error instanceof MillraceError) || error.code !== 'queue_full') throw error;
        await pause((error.retryAfter ?? 1) * 1000, undefined, { signal });
      }
  }
}

const replaced = (): MillraceError =>
  new MillraceError('internal', { detail: 'the file of the model was replaced in the middle of a document' });

/** The title stands before a chunk that does not begin with it, so that a short chunk knows what it is about. */
export function passageText(title: string | undefined, chunk: Pick<Chunk, 'headings' | 'text'>): string {
  const text = embeddingText(chunk);
  return title === undefined || text.startsWith(title) ? text : `${title}\n${text}`;
}
