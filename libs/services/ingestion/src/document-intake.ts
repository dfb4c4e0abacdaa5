import { Inject, Injectable } from '@nestjs/common';
import { events, MillraceError, type AuditActor } from '@millrace/contracts';
import {
  BLOB_STORE,
  CLOCK,
  REGISTRY,
  type AcceptedVersion,
  type BlobStore,
  type Clock,
  type NewVersion,
  type PushedEvent,
  type Registry,
} from '@millrace/ports';
import { EventPublisher } from '@millrace/platform';
import { v7 as uuid } from 'uuid';
import { BlobKeeper } from './blob-keeper.ts';
import { folderOf, sourceIn, type NewFolder } from './blob-keys.ts';
import { erasureEntry } from './erasure-entry.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { RecordFolders, type Stored } from './record-folders.ts';
import { SpareFolders } from './spare-folders.ts';
import { bodyHash, contentHash, requestHash, type Arrival, type Source } from './source.ts';

export interface IntakeRequest {
  readonly tenant: string;
  /** Absent: an id is made. */
  readonly document?: string | undefined;
  readonly arrival: Arrival;
  readonly idempotencyKey?: string | undefined;
  /** The event that asks for it, where one does: the same again changes nothing. */
  readonly event?: PushedEvent | undefined;
}

export interface WithdrawalRequest {
  readonly tenant: string;
  readonly document: string;
  readonly by: AuditActor;
  readonly event?: PushedEvent | undefined;
}

interface Push {
  readonly tenant: string;
  readonly document: string;
  readonly arrival: Arrival;
  readonly contentHash: string;
  readonly idempotency: NewVersion['idempotency'];
  readonly event: PushedEvent | undefined;
}

/**
 * Takes documents in, whichever way they come. When `accept` resolves, the source is stored and the version is
 * registered together with its event: from here on nothing can lose it.
 */
@Injectable()
export class DocumentIntake {
  private readonly folders = new RecordFolders();

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
    @Inject(BlobKeeper) private readonly keeper: BlobKeeper,
    @Inject(SpareFolders) private readonly spares: SpareFolders,
  ) {}

  async accept(request: IntakeRequest): Promise<AcceptedVersion> {
    const { tenant, document, arrival, idempotencyKey, event } = request;
    refuseEmpty(arrival);
    const hash = contentHash(arrival);
    const push: Push = {
      ...{ tenant, document: document ?? uuid(), arrival, contentHash: hash, event },
      idempotency:
        idempotencyKey === undefined
          ? undefined
          : { key: idempotencyKey, requestHash: requestHash(hash, document) },
    };
    const stored = { ...push, place: event?.place };
    const isFirst = this.folders.before(stored) === undefined;
    const accepted = await this.push(push, stored);
    const { spare } = accepted;
    if (spare !== undefined && (isFirst || (await this.isUnknown(spare))))
      await this.remove(folderOf(spare), stored);
    this.folders.forget(stored);
    this.relay.wake();
    return accepted;
  }

  /** Undefined when there was never such a document and no event asks for it. */
  async withdraw({ tenant, document, by, event }: WithdrawalRequest): Promise<AcceptedVersion | undefined> {
    const at = this.clock.now();
    const withdrawnAt = new Date(at).toISOString();
    const withdrawn = await this.registry.documents.withdraw({
      tenant,
      document,
      at,
      event,
      audit: erasureEntry('document.delete', { tenant, document }, { at, by }),
      announce: (version) =>
        this.events.forOutbox(events.documentWithdrawn, { tenant, document, version, withdrawnAt }),
    });
    this.relay.wake();
    // What was stored as the first delete came may have been left where the blob store failed.
    if (withdrawn?.outcome === 'duplicate' && withdrawn.state === 'deleted')
      await this.keeper.erase({ tenant, document, version: withdrawn.version });
    return withdrawn;
  }

  /** A delete accepted while the source was being stored may have taken it along: then it is stored again. */
  private async push(push: Push, stored: Stored): Promise<AcceptedVersion> {
    for (let folder = this.folders.folder(stored, this.clock.now()); ;) {
      const source = await this.store(folder, push.arrival);
      const accepted = await this.register(push, source, folder.at).catch(async (error: unknown) => {
        await this.takeBack(folder, error);
        throw error;
      });
      if (accepted.outcome !== 'before-delete') return accepted;
      await this.remove(folder.prefix, stored);
      folder = this.folders.renew(stored, Math.max(this.clock.now(), accepted.deletedAt));
    }
  }

  /** An attempt before this one may have registered it without hearing so. */
  private async isUnknown(source: string): Promise<boolean> {
    return (await this.registry.documents.unknownSources([source])).length > 0;
  }

  /** A record comes again, and may be registered with its folder then; a request does not. */
  private async remove(folder: string, { place }: Stored): Promise<void> {
    if (place) await this.blobs.deleteAll(folder);
    else await this.spares.remove(folder);
  }

  /** Only after a plain refusal: any other failure may have come after the version was registered. */
  private async takeBack({ prefix }: NewFolder, error: unknown): Promise<void> {
    if (error instanceof MillraceError && error.code === 'idempotency_conflict')
      await this.blobs.deleteAll(prefix);
  }

  private register(
    { tenant, document, arrival, contentHash, idempotency, event }: Push,
    source: string,
    at: number,
  ) {
    const acceptedAt = new Date(at).toISOString();
    return this.registry.documents.accept({
      ...{ tenant, document, title: arrival.title, contentHash, at, source, idempotency, event },
      bodyHash: bodyHash(arrival),
      announce: (version, earlier) =>
        this.events.forOutbox(events.documentAccepted, {
          ...{ tenant, document, version, source, acceptedAt, bytes: bytesOf(arrival) },
          ...(earlier !== undefined && { earlier }),
        }),
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
    const key = sourceIn(prefix);
    await this.blobs.put(key, new TextEncoder().encode(JSON.stringify(source)));
    return key;
  }
}

const bytesOf = ({ content }: Arrival): number =>
  typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;

const refuseEmpty = ({ content }: Arrival): void => {
  if (typeof content === 'string' ? content.trim() === '' : content.byteLength === 0)
    throw new MillraceError('empty_document');
};
