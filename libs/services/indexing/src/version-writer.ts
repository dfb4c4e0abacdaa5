import { Inject, Injectable } from '@nestjs/common';
import { parsedDocument, type DocumentVersion, type ParsedDocument } from '@millrace/contracts';
import {
  BLOB_STORE,
  EventLoopTurn,
  VECTOR_STORE,
  type BlobStore,
  type Publication,
  type StoredChunk,
  type VectorStore,
} from '@millrace/ports';
import { analyseTerms } from '@millrace/text';
import { indexedText } from './indexed-text.ts';
import { splitVectors } from './split-vectors.ts';

/** Blob keys, and how the vectors lie. */
export interface Embedded {
  readonly parsed: string;
  readonly vectors: string;
  readonly dims: number;
}

/** A version's text, and one vector for each of its chunks, in their order. */
export interface LoadedVersion {
  readonly document: ParsedDocument;
  readonly vectors: readonly Float32Array[];
}

/** Writes version n+1 of a document beside n, switches over in one step, and lets n go. */
@Injectable()
export class VersionWriter {
  constructor(
    @Inject(VECTOR_STORE) private readonly store: VectorStore,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
  ) {}

  /** Undefined where its text or its vectors are gone: it was erased, or overtaken. */
  async load({ parsed, vectors, dims }: Embedded): Promise<LoadedVersion | undefined> {
    const [text, bytes] = await Promise.all([this.blobs.get(parsed), this.blobs.get(vectors)]);
    if (!text || !bytes) return undefined;
    const document = parsedDocument.parse(JSON.parse(new TextDecoder().decode(text)));
    return { document, vectors: splitVectors(bytes, dims, document.chunks.length) };
  }

  /** Into a collection that is there. */
  async write(
    collection: string,
    version: DocumentVersion,
    loaded: LoadedVersion,
    signal: AbortSignal,
  ): Promise<Publication> {
    const { tenant, document, version: number } = version;
    const which = { tenant, document, version: number };
    const { length } = loaded.document.chunks;
    const { maxBatch } = this.store.limits;
    for (let from = 0; from < length; from += maxBatch) {
      const batch = await storedChunks(loaded, from, Math.min(from + maxBatch, length));
      signal.throwIfAborted();
      await this.store.stage(collection, which, batch);
    }
    return this.store.publish(collection, which, length);
  }
}

/** Finding the words of a large document's chunks takes seconds: others get the event loop meanwhile. */
async function storedChunks(
  { document: { chunks, title, metadata, acl }, vectors }: LoadedVersion,
  from: number,
  to: number,
): Promise<StoredChunk[]> {
  const stored: StoredChunk[] = [];
  const turn = new EventLoopTurn();
  for (let ordinal = from; ordinal < to; ordinal++) {
    const chunk = chunks[ordinal]!;
    const terms = analyseTerms(indexedText(title, chunk));
    stored.push({ ...chunk, title, metadata, acl, vector: vectors[ordinal]!, terms });
    if (turn.isOver) await turn.next();
  }
  return stored;
}
