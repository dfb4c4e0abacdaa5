import { Inject, Injectable } from '@nestjs/common';
import { events, MillraceError } from '@millrace/contracts';
import {
  BLOB_STORE,
  CLOCK,
  REGISTRY,
  type AcceptedVersion,
  type BlobStore,
  type Clock,
  type Registry,
} from '@millrace/ports';
import { EventPublisher } from '@millrace/platform';
import { folderOf, newFolder, type NewFolder } from './blob-keys.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { contentHash, type Arrival, type Source } from './source.ts';

export interface IntakeRequest {
  readonly tenant: string;
  readonly document: string;
  readonly arrival: Arrival;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Takes documents in, whichever way they come. When `accept` resolves, the source is stored and the version is
 * registered together with its event: from here on nothing can lose it.
 */
@Injectable()
export class DocumentIntake {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
  ) {}

  async accept(request: IntakeRequest): Promise<AcceptedVersion> {
    refuseEmpty(request.arrival);
    const hash = contentHash(request.arrival);
    // A delete accepted meanwhile may have taken the source along: then it is stored again.
    for (let at = this.clock.now(); ;) {
      const folder = newFolder(request.tenant, request.document, at);
      const key = await this.store(folder, request.arrival);
      const accepted = await this.register(request, hash, key, at);
      if (accepted.outcome !== 'before-delete') {
        if (accepted.spare !== undefined) await this.blobs.deleteAll(folderOf(accepted.spare));
        this.relay.wake();
        return accepted;
      }
      at = Math.max(this.clock.now(), accepted.deletedAt);
    }
  }

  /** Undefined when there was never such a document. */
  async withdraw(tenant: string, document: string): Promise<AcceptedVersion | undefined> {
    const at = this.clock.now();
    const withdrawnAt = new Date(at).toISOString();
    const withdrawn = await this.registry.documents.withdraw({
      tenant,
      document,
      at,
      announce: (version) =>
        this.events.forOutbox(events.documentWithdrawn, { tenant, document, version, withdrawnAt }),
    });
    this.relay.wake();
    return withdrawn;
  }

  private register(
    { tenant, document, arrival, idempotencyKey: key }: IntakeRequest,
    hash: string,
    source: string,
    at: number,
  ) {
    const acceptedAt = new Date(at).toISOString();
    return this.registry.documents.accept({
      tenant,
      document,
      title: arrival.title,
      contentHash: hash,
      at,
      source,
      announce: (version) =>
        this.events.forOutbox(events.documentAccepted, { tenant, document, version, source, acceptedAt }),
      idempotency: key === undefined ? undefined : { key, requestHash: hash },
    });
  }

  /** The file's bytes first, then `source.json`, which refers to them. */
  private async store({ prefix }: NewFolder, arrival: Arrival): Promise<string> {
    const { content, title, metadata = {}, acl = [], mediaType, filename } = arrival;
    const blob = `${prefix}original`;
    if (typeof content !== 'string') await this.blobs.put(blob, content);
    const source: Source = {
      title,
      metadata,
      acl: [...acl],
      mediaType,
      filename,
      content: typeof content === 'string' ? { text: content } : { blob },
    };
    const key = `${prefix}source.json`;
    await this.blobs.put(key, new TextEncoder().encode(JSON.stringify(source)));
    return key;
  }
}

const refuseEmpty = ({ content }: Arrival): void => {
  if (typeof content === 'string' ? content.trim() === '' : content.byteLength === 0)
    throw new MillraceError('empty_document');
};
