import { Inject, Injectable } from '@nestjs/common';
import {
  documentId,
  events,
  intakeGroup,
  MillraceError,
  tenantName,
  type DocumentCloudEvent,
} from '@millrace/contracts';
import { REGISTRY, type Registry } from '@millrace/ports';
import { HandleEvent, LOGGER, type EventContext, type Logger } from '@millrace/platform';
import { givenUpAt } from './dead-letter-record.ts';
import { DocumentIntake } from './document-intake.ts';
import { EventContent } from './event-content.ts';
import { KnownTenants } from './known-tenants.ts';
import { pushedEvent } from './pushed-event.ts';

interface Addressee {
  readonly tenant: string;
  readonly document: string;
}

/**
 * Documents out of the log, as they come over HTTP. An event may come any number of times: the registry knows the last
 * ones of each document by `source` and `id`, and does each of them once.
 */
@Injectable()
export class DocumentEvents {
  constructor(
    @Inject(DocumentIntake) private readonly intake: DocumentIntake,
    @Inject(EventContent) private readonly content: EventContent,
    @Inject(KnownTenants) private readonly tenants: KnownTenants,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @HandleEvent(events.documents, { group: intakeGroup.name })
  async take(event: DocumentCloudEvent, { key, headers }: EventContext): Promise<void> {
    const addressee = addresseeOf(key, event);
    await this.tenants.refuseUnknown(addressee.tenant);
    if (await this.isOvertaken(addressee, givenUpAt(headers)))
      return this.logger.info(addressee, 'a replayed event is older than the document: nothing is done');
    if (event.type === 'millrace.document.delete.v1')
      await this.intake.withdraw({ ...addressee, event: pushedEvent(event) });
    else
      await this.content.take(addressee.tenant, event.data, (arrival) =>
        this.intake.accept({ ...addressee, arrival, event: pushedEvent(event) }),
      );
  }

  /** An event that was given up, and since then a newer version came: the replay must not bring the older back. */
  private async isOvertaken({ tenant, document }: Addressee, since: number | undefined): Promise<boolean> {
    if (since === undefined) return false;
    const newest = (await this.registry.documents.versions(tenant, document)).at(-1);
    return newest !== undefined && newest.acceptedAt > since;
  }
}

/** Whom the key names; the event may say it again, and nothing else. Throws `invalid_key`. */
function addresseeOf(key: string, event: DocumentCloudEvent): Addressee {
  const slash = key.indexOf('/');
  const tenant = tenantName.safeParse(key.slice(0, Math.max(0, slash)));
  const document = documentId.safeParse(key.slice(slash + 1));
  if (!tenant.success || !document.success)
    throw new MillraceError('invalid_key', { detail: key === '' ? 'there is none' : undefined });
  for (const named of [event.subject, event.data?.id])
    if (named !== undefined && named !== document.data)
      throw new MillraceError('invalid_key', { detail: 'the event names another document' });
  return { tenant: tenant.data, document: document.data };
}
