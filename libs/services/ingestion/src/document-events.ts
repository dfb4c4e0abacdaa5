import { Inject, Injectable } from '@nestjs/common';
import {
  documentId,
  events,
  intakeGroup,
  MillraceError,
  tenantName,
  type DocumentCloudEvent,
} from '@millrace/contracts';
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
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @HandleEvent(events.documents, { group: intakeGroup.name })
  async take(event: DocumentCloudEvent, { key, headers, place }: EventContext): Promise<void> {
    const addressee = addresseeOf(key, event);
    await this.tenants.refuseUnknown(addressee.tenant);
    const pushed = pushedEvent(event, givenUpAt(headers), place);
    const outcome =
      event.type === 'millrace.document.delete.v1'
        ? await this.intake.withdraw({ ...addressee, by: sender, event: pushed })
        : await this.content.take(addressee.tenant, event.data, (arrival) =>
            this.intake.accept({ ...addressee, arrival, event: pushed }),
          );
    if (outcome?.outcome === 'overtaken')
      this.logger.info(
        addressee,
        'an event that was given up before is older than the document: nothing is done',
      );
  }
}

/** The log does not say who published an event. */
const sender = { name: `topic:${events.documents.name}` };

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
