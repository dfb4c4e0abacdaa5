import { Controller, Inject } from '@nestjs/common';
import {
  actorOf,
  documentFields,
  documentId,
  MillraceError,
  routes,
  type DocumentCloudEvent,
  type Principal,
} from '@millrace/contracts';
import type { AcceptedVersion } from '@millrace/ports';
import { HandleRoute, Reply, type RouteRequest } from '@millrace/platform';
import { DocumentIntake, type IntakeRequest, type WithdrawalRequest } from './document-intake.ts';
import { EventContent, fromJson } from './event-content.ts';
import { pushedEvent } from './pushed-event.ts';
import type { Arrival } from './source.ts';
import { TenantBacklog } from './tenant-backlog.ts';

type Headers = Readonly<Record<string, string | undefined>>;
type Form = NonNullable<RouteRequest<typeof routes.postDocument>['form']>;

/** Documents over HTTP: JSON, a file in a form, or a CloudEvent. */
@Controller()
export class IngestionController {
  constructor(
    @Inject(DocumentIntake) private readonly intake: DocumentIntake,
    @Inject(EventContent) private readonly content: EventContent,
    @Inject(TenantBacklog) private readonly backlog: TenantBacklog,
  ) {}

  @HandleRoute(routes.putDocument)
  async put({
    principal,
    params,
    body,
    form,
    headers,
  }: RouteRequest<typeof routes.putDocument>): Promise<Reply> {
    const { id, arrival } = form ? fromForm(form) : fromJson(body!);
    if (id !== undefined && id !== params.id)
      throw new MillraceError('invalid_request', { param: 'id', detail: 'it differs from the path' });
    return this.accept({ tenant: principal.tenant, document: params.id, arrival }, headers);
  }

  @HandleRoute(routes.postDocument)
  async post({
    principal,
    body,
    form,
    cloudEvent,
    headers,
  }: RouteRequest<typeof routes.postDocument>): Promise<Reply> {
    if (cloudEvent) return this.take(principal, cloudEvent, headers);
    const { id, arrival } = form ? fromForm(form) : fromJson(body!);
    return this.accept({ tenant: principal.tenant, document: id, arrival }, headers);
  }

  @HandleRoute(routes.deleteDocument)
  async delete({ principal, params }: RouteRequest<typeof routes.deleteDocument>): Promise<Reply> {
    return this.withdraw({ tenant: principal.tenant, document: params.id, by: actorOf(principal) });
  }

  /** As out of the log: an event that comes again changes nothing. */
  private async take(principal: Principal, cloudEvent: DocumentCloudEvent, headers: Headers): Promise<Reply> {
    const { tenant } = principal;
    const document = idOf(cloudEvent);
    const event = pushedEvent(cloudEvent);
    if (cloudEvent.type === 'millrace.document.delete.v1')
      return this.withdraw({ tenant, document, by: actorOf(principal), event });
    return this.content.take(tenant, cloudEvent.data, (arrival) =>
      this.accept({ tenant, document, arrival, event }, headers),
    );
  }

  private async accept(request: IntakeRequest, headers: Headers): Promise<Reply> {
    const idempotencyKey = headers['idempotency-key'];
    if (idempotencyKey !== undefined && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey))
      throw new MillraceError('invalid_request', {
        param: 'idempotency-key',
        detail: '1 to 255 visible ASCII characters',
      });
    await this.backlog.admit(request.tenant);
    return answer(await this.intake.accept({ ...request, idempotencyKey }));
  }

  private async withdraw(request: WithdrawalRequest): Promise<Reply> {
    const withdrawn = await this.intake.withdraw(request);
    if (!withdrawn) throw new MillraceError('document_not_found');
    return answer(withdrawn);
  }
}

const answer = ({ document, version, state }: AcceptedVersion): Reply =>
  new Reply(
    { id: document, version, state },
    { headers: { location: `/v1/documents/${encodeURIComponent(document)}` } },
  );

/** The event's subject, or `data.id`; both, when they agree. */
function idOf({ subject, data }: DocumentCloudEvent): string {
  const id = documentId.safeParse(subject ?? data?.id);
  if (!id.success) throw new MillraceError('invalid_id', { param: 'subject' });
  if (data?.id !== undefined && data.id !== id.data)
    throw new MillraceError('invalid_request', { param: 'data.id', detail: 'it differs from the subject' });
  return id.data;
}

/** In a form, metadata and acl are JSON texts. */
function fromForm({ fields, file }: Form): { id: string | undefined; arrival: Arrival } {
  const parsed = documentFields.safeParse({
    ...fields,
    metadata: parseField('metadata', fields.metadata),
    acl: parseField('acl', fields.acl),
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new MillraceError('invalid_request', { param: issue?.path.join('.'), detail: issue?.message });
  }
  const { id, ...said } = parsed.data;
  return {
    id,
    arrival: { ...said, mediaType: file.mediaType, filename: file.filename, content: file.bytes },
  };
}

function parseField(param: string, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text, refusePoison);
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new MillraceError('invalid_request', { param, detail: 'not JSON', cause });
  }
}

/** As in a body of JSON: a key that programs do not keep as a key would be lost without a word. */
function refusePoison(key: string, value: unknown): unknown {
  if (key !== '__proto__') return value;
  throw new MillraceError('invalid_request', { detail: 'the key __proto__ is not accepted' });
}
