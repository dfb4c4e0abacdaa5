import { Inject, Injectable } from '@nestjs/common';
import { events, jobs, MillraceError, type JobData, type ParsedDocument } from '@millrace/contracts';
import { BLOB_STORE, DOCUMENT_PARSER, type BlobStore, type DocumentParser } from '@millrace/ports';
import { EventPublisher, HandleJob, type JobContext, type SettingsOf } from '@millrace/platform';
import { v5 as uuid } from 'uuid';
import { folderOf } from './blob-keys.ts';
import { ingestionSettings } from './ingestion-settings.ts';
import { source, type Source } from './source.ts';

type Accepted = JobData<typeof jobs.parseDocument>;

/** Namespace of chunk ids (UUIDv5 of tenant, document, version and ordinal). */
const chunkNamespace = 'c5a7d0c0-3b0e-4f43-9c0e-5f8a0f7c2b11';

/** Reads an accepted version: source -> text and chunks. */
@Injectable()
export class DocumentReader {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(DOCUMENT_PARSER) private readonly parser: DocumentParser,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(ingestionSettings.token) private readonly settings: SettingsOf<typeof ingestionSettings>,
  ) {}

  @HandleJob(jobs.parseDocument)
  async read(accepted: Accepted, { signal }: JobContext): Promise<void> {
    const { tenant, document, version, acceptedAt } = accepted;
    const parsed = await this.parse(accepted, signal);
    const key = `${folderOf(accepted.source)}parsed.json`;
    await this.blobs.put(key, new TextEncoder().encode(JSON.stringify(parsed)));
    await this.events.publish(events.documentChunked, {
      tenant,
      document,
      version,
      parsed: key,
      chunks: parsed.chunks.length,
      tokens: parsed.chunks.reduce((sum, { tokens }) => sum + tokens, 0),
      acceptedAt,
    });
  }

  private async parse(accepted: Accepted, signal: AbortSignal): Promise<ParsedDocument> {
    const { tenant, document, version } = accepted;
    const said = source.parse(JSON.parse(new TextDecoder().decode(await this.blob(accepted.source))));
    const { chunkTokens: maxTokens, maxChunks } = this.settings;
    const read = await this.parser.parse(
      {
        bytes: await this.bytesOf(said),
        mediaType: said.mediaType,
        filename: said.filename,
        chunking: { maxTokens, maxChunks },
      },
      signal,
    );
    if (read.chunks.length === 0) throw new MillraceError('no_text');
    const idOf = (ordinal: number): string =>
      uuid(`${tenant}/${document}@${version}#${ordinal}`, chunkNamespace);
    return {
      title: said.title ?? read.title,
      text: read.text,
      chunks: read.chunks.map((chunk) => ({
        ...chunk,
        headings: [...chunk.headings],
        id: idOf(chunk.ordinal),
      })),
      metadata: said.metadata,
      acl: said.acl,
      lineage: { mediaType: read.mediaType, parser: read.parser, chunker: read.chunker },
    };
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
