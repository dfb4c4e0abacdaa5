import { Controller, Inject } from '@nestjs/common';
import {
  documentId,
  MillraceError,
  parsedDocument,
  routes,
  type DocumentStatus,
  type ErasureReceipt,
} from '@millrace/contracts';
import { BLOB_STORE, REGISTRY, type BlobStore, type Registry } from '@millrace/ports';
import { HandleRoute, type RouteRequest } from '@millrace/platform';
import { cursorAt, idAt } from './cursor.ts';
import { StateWaiter } from './state-waiter.ts';

/** Where documents are, what they say, and what became of deleted ones. */
@Controller()
export class DocumentsController {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(StateWaiter) private readonly waiter: StateWaiter,
  ) {}

  @HandleRoute(routes.getDocument)
  async status({
    principal,
    params,
    query,
    signal,
  }: RouteRequest<typeof routes.getDocument>): Promise<DocumentStatus> {
    const read = () => this.registry.documents.status(principal.tenant, params.id);
    const status = query.wait
      ? await this.waiter.until(query.wait, query.timeout * 1000, read, signal)
      : await read();
    if (!status) throw new MillraceError('document_not_found');
    return status;
  }

  @HandleRoute(routes.listDocuments)
  async list({ principal, query }: RouteRequest<typeof routes.listDocuments>) {
    const { cursor, limit, state } = query;
    const data = await this.registry.documents.list(principal.tenant, {
      cursor: idAt(cursor, documentId),
      limit,
      state,
    });
    const last = data.length === limit ? data.at(-1) : undefined;
    return { data, ...(last && { next_cursor: cursorAt(last.id) }) };
  }

  @HandleRoute(routes.getReceipt)
  async receipt({ principal, params }: RouteRequest<typeof routes.getReceipt>): Promise<ErasureReceipt> {
    const receipt = await this.registry.documents.receipt(principal.tenant, params.id);
    if (!receipt) throw new MillraceError('receipt_not_found');
    return receipt;
  }

  @HandleRoute(routes.getContent)
  async content({ principal, params }: RouteRequest<typeof routes.getContent>) {
    const live = await this.registry.documents.live(principal.tenant, params.id);
    const bytes = live?.parsed === undefined ? undefined : await this.blobs.get(live.parsed);
    if (!live || !bytes) throw new MillraceError('content_not_found');
    const { text, title, acl } = parsedDocument.parse(JSON.parse(new TextDecoder().decode(bytes)));
    const own = new Set([principal.name, ...principal.groups.map((group) => `group:${group}`)]);
    if (acl.length > 0 && !acl.some((entry) => own.has(entry))) throw new MillraceError('content_not_found');
    return { id: params.id, version: live.version, ...(title !== undefined && { title }), text };
  }
}
