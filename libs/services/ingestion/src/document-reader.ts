import { Inject, Injectable } from '@nestjs/common';
import {
  events,
  jobs,
  MillraceError,
  parsedDocument,
  type Chunk,
  type JobData,
  type ParsedDocument,
} from '@millrace/contracts';
import {
  BLOB_STORE,
  DOCUMENT_PARSER,
  EventLoopTurn,
  type BlobStore,
  type DocumentParser,
  type ParserInput,
} from '@millrace/ports';
import { EventPublisher, HandleJob, type JobContext, type SettingsOf } from '@millrace/platform';
import { v5 as uuid } from 'uuid';
import { folderOf } from './blob-keys.ts';
import { DocumentModeration, keptFindings, withFindings } from './document-moderation.ts';
import { ingestionSettings } from './ingestion-settings.ts';
import { source, type Source } from './source.ts';

type Accepted = JobData<typeof jobs.parseDocument>;
type Pace = Pick<ParserInput, 'hurried'>;

/** Namespace of chunk ids. */
const chunkNamespace = 'c5a7d0c0-3b0e-4f43-9c0e-5f8a0f7c2b11';

/** Reads an accepted version: source -> text and chunks. */
@Injectable()
export class DocumentReader {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(DOCUMENT_PARSER) private readonly parser: DocumentParser,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(DocumentModeration) private readonly moderation: DocumentModeration,
    @Inject(ingestionSettings.token) private readonly settings: SettingsOf<typeof ingestionSettings>,
  ) {}

  /** A file that takes long is put aside: it must hold up nobody else. */
  @HandleJob(jobs.parseDocument)
  async read(accepted: Accepted, context: JobContext): Promise<void> {
    try {
      await this.readWithin(accepted, context, { hurried: true });
    } catch (error) {
      if (!(error instanceof MillraceError) || error.code !== 'parse_timeout') throw error;
      await this.events.publish(events.documentAccepted, { ...accepted, slow: true });
    }
  }

  @HandleJob(jobs.parseSlowDocument)
  readSlowly(accepted: Accepted, context: JobContext): Promise<void> {
    return this.readWithin(accepted, context, { hurried: false });
  }

  private async readWithin(accepted: Accepted, { signal }: JobContext, pace: Pace): Promise<void> {
    const said = await this.source(accepted);
    await this.chunked(accepted, await this.parse(accepted, said, pace, signal));
  }

  /** Who may see a document must not wait until others have been read: what has not changed is taken over as it is. */
  @HandleJob(jobs.reviseDocument)
  async revise(accepted: Accepted, context: JobContext): Promise<void> {
    const { earlier } = accepted;
    const before = earlier === undefined ? undefined : await this.blobs.get(earlier);
    if (!before) return this.read(accepted, context);
    const { metadata, acl } = await this.source(accepted);
    const { chunks, metadata: noted, ...text } = parsedDocument.parse(json(before));
    await this.chunked(
      accepted,
      {
        ...text,
        metadata: withFindings(metadata, keptFindings(noted)),
        acl,
        chunks: await withIds(accepted, chunks),
      },
      earlier,
    );
  }

  private async chunked(
    { tenant, document, version, source, acceptedAt }: Accepted,
    parsed: ParsedDocument,
    earlier?: string,
  ): Promise<void> {
    const key = `${folderOf(source)}parsed.json`;
    await this.blobs.put(key, new TextEncoder().encode(JSON.stringify(parsed)));
    await this.events.publish(events.documentChunked, {
      tenant,
      document,
      version,
      parsed: key,
      chunks: parsed.chunks.length,
      tokens: parsed.chunks.reduce((sum, { tokens }) => sum + tokens, 0),
      acceptedAt,
      ...(earlier !== undefined && { earlier }),
    });
  }

  private async parse(
    accepted: Accepted,
    said: Source,
    { hurried }: Pace,
    signal: AbortSignal,
  ): Promise<ParsedDocument> {
    const { chunkTokens: maxTokens, maxChunks } = this.settings;
    const parsed = await this.parser.parse(
      {
        bytes: await this.bytesOf(said),
        mediaType: typeOf(said),
        filename: said.filename,
        chunking: { maxTokens, maxChunks },
        group: accepted.tenant,
        hurried,
      },
      signal,
    );
    if (parsed.chunks.length === 0) throw new MillraceError('no_text');
    const title = said.title ?? parsed.title;
    const { read, found } = await this.moderation.of(accepted.tenant, { ...parsed, title }, signal);
    return {
      title: read.title,
      text: read.text,
      chunks: await withIds(accepted, read.chunks),
      metadata: withFindings(said.metadata, found),
      acl: said.acl,
      lineage: { mediaType: read.mediaType, parser: read.parser, chunker: read.chunker },
    };
  }

  private async source({ source: key }: Accepted): Promise<Source> {
    return source.parse(json(await this.blob(key)));
  }

  private async bytesOf({ content }: Source): Promise<Uint8Array> {
    return 'text' in content ? new TextEncoder().encode(content.text) : this.blob(content.blob);
  }

  private async blob(key: string): Promise<Uint8Array> {
    const bytes = await this.blobs.get(key);
    if (!bytes) throw new MillraceError('version_gone');
    return bytes;
  }
}

/** A text out of JSON lies in UTF-8, whatever charset its own head may name. */
const typeOf = ({ mediaType, content }: Source): string | undefined =>
  mediaType && 'text' in content ? `${mediaType}; charset=utf-8` : mediaType;

const json = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

/** Every version has chunks of its own: UUIDv5 of tenant, document, version and ordinal. */
async function withIds(
  { tenant, document, version }: Accepted,
  chunks: readonly Omit<Chunk, 'id'>[],
): Promise<ParsedDocument['chunks']> {
  const named: ParsedDocument['chunks'] = [];
  const turn = new EventLoopTurn();
  for (const chunk of chunks) {
    const id = uuid(`${tenant}/${document}@${version}#${chunk.ordinal}`, chunkNamespace);
    named.push({ ...chunk, headings: [...chunk.headings], id });
    if (turn.isOver) await turn.next();
  }
  return named;
}
