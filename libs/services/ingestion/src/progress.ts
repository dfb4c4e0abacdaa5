import { Inject, Injectable } from '@nestjs/common';
import {
  events,
  progressGroup,
  type DeadLetter,
  type DocumentState,
  type DocumentVersion,
  type EventData,
} from '@millrace/contracts';
import { CLOCK, REGISTRY, type Clock, type Registry } from '@millrace/ports';
import {
  countDeadLetter,
  EventPublisher,
  HandleDeadLetters,
  HandleEvent,
  LOGGER,
  type Logger,
} from '@millrace/platform';
import { BlobKeeper } from './blob-keeper.ts';
import { placeIn, recordOf } from './dead-letter-record.ts';
import { erasureEntry } from './erasure-entry.ts';
import { receiptOf } from './receipt.ts';

const group = progressGroup.name;
/** Steps of different documents have nothing to do with each other, and each waits for the registry. */
const keysAtOnce = 8;

/** Not who asked for it: that entry was made then. */
const eraser = { name: 'erasure' };

/** Seen no more, or still seen: nothing that failed meanwhile changes that. */
const settled: ReadonlySet<DocumentState> = new Set(['indexed', 'deleted']);

/** What the stages report moves a version on in the registry: the only writer of its state after acceptance. */
@Injectable()
export class Progress {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(BlobKeeper) private readonly keeper: BlobKeeper,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @HandleEvent(events.documentChunked, { group, keysAtOnce })
  async parsed(event: EventData<typeof events.documentChunked>): Promise<void> {
    const { tenant, document, version, parsed, chunks } = event;
    const resume = this.events.forOutbox(events.documentChunked, event);
    const step = {
      tenant,
      document,
      version,
      state: 'parsed',
      at: this.clock.now(),
      chunks,
      parsed,
      resume,
    } as const;
    if (!(await this.registry.documents.advance(step))) await this.keeper.dropIfGone(event, parsed);
  }

  @HandleEvent(events.documentEmbedded, { group, keysAtOnce })
  async embedded(event: EventData<typeof events.documentEmbedded>): Promise<void> {
    const { tenant, document, version, vectors } = event;
    const resume = this.events.forOutbox(events.documentEmbedded, event);
    const step = { tenant, document, version, state: 'embedded', at: this.clock.now(), resume } as const;
    if (!(await this.registry.documents.advance(step))) await this.keeper.dropIfGone(event, vectors);
  }

  /** A second model's, for a version that may have been erased or overtaken meanwhile. */
  @HandleEvent(events.vectorsMade, { group, keysAtOnce })
  async embeddedAgain(event: EventData<typeof events.vectorsMade>): Promise<void> {
    await this.keeper.dropIfGone(event, event.vectors);
  }

  @HandleEvent(events.documentIndexed, { group, keysAtOnce })
  async indexed(event: EventData<typeof events.documentIndexed>): Promise<void> {
    const { tenant, document, version, outcome, chunks, parsed, name, collection } = event;
    const which = { tenant, document, version };
    const state = outcome === 'published' ? 'indexed' : 'deleted';
    const moved = await this.registry.documents.advance({
      ...{ ...which, state, at: this.clock.now(), chunks, parsed, collection },
      ...(name !== undefined && { models: [name] }),
      wish: (model, text) => this.events.forOutbox(events.vectorsWanted, { ...which, ...text, model }),
    });
    const hasOvertaken = version > 1 || state === 'deleted' || !moved;
    if (hasOvertaken) await this.keeper.tidy(event);
  }

  /** In the index of a second model, which may be all that was missing for `indexed`. */
  @HandleEvent(events.vectorsIndexed, { group, keysAtOnce })
  async indexedAgain(event: EventData<typeof events.vectorsIndexed>): Promise<void> {
    const { tenant, document, version, name, collection } = event;
    const step = { tenant, document, version, state: 'indexed', models: [name], collection } as const;
    const moved = await this.registry.documents.advance({ ...step, at: this.clock.now() });
    if (moved && version > 1) await this.keeper.tidy(event);
  }

  @HandleEvent(events.documentDeleted, { group, keysAtOnce })
  async deleted(event: EventData<typeof events.documentDeleted>): Promise<void> {
    const erased = await this.keeper.erase(event);
    if (!erased) return;
    const { blobs, cached, deletedAt: requestedAt } = erased;
    const completedAt = this.clock.now();
    await this.registry.documents.completeErasure(event, (removed) => {
      const { versions, deadLetters: dead_letters } = removed;
      const details = { versions, dead_letters, blobs, cached };
      return {
        receipt: receiptOf(event, { ...removed, blobs, cached, requestedAt, completedAt }),
        audit: erasureEntry('document.erase', event, { at: completedAt, by: eraser, details }),
      };
    });
  }

  @HandleDeadLetters({ group })
  async deadLettered(letter: DeadLetter): Promise<void> {
    const kept = await this.keep(letter);
    const { subject, payload } = letter;
    const blob = blobIn(payload);
    if (!kept && subject && blob !== undefined) await this.keeper.dropIfGone(subject, blob);
  }

  private async keep(letter: DeadLetter): Promise<boolean> {
    const { subject, origin, attempts, reason } = letter;
    const isGone = reason.code === 'version_gone';
    if (isGone && subject && (await this.isOvertaken(subject))) return this.letGo(subject);
    const kept = await this.registry.deadLetters.record(recordOf(letter), placeIn(letter));
    if (isGone && kept) {
      countDeadLetter({ origin, code: reason.code });
      this.logger.warn({ origin, code: reason.code, attempts, ...subject }, 'dead-lettered');
    }
    return kept;
  }

  /** That the data of a version is gone is a loss only while nothing newer has come. */
  private async isOvertaken({ tenant, document, version }: DocumentVersion): Promise<boolean> {
    const kept = await this.registry.documents.versions(tenant, document);
    const own = kept.find((entry) => entry.version === version);
    return own !== undefined && own !== kept.at(-1) && !settled.has(own.state);
  }

  private async letGo({ tenant, document, version }: DocumentVersion): Promise<false> {
    const at = this.clock.now();
    await this.registry.documents.advance({ tenant, document, version, state: 'deleted', at });
    return false;
  }
}

/** A blob of the version, as the stages' events name it. */
function blobIn(payload: DeadLetter['payload']): string | undefined {
  const data = 'json' in payload ? (payload.json as { source?: unknown; parsed?: unknown } | null) : null;
  const key = data?.parsed ?? data?.source;
  return typeof key === 'string' ? key : undefined;
}
