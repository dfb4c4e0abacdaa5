import { Inject, Injectable } from '@nestjs/common';
import { parsedDocument } from '@millrace/contracts';
import { BLOB_STORE, REGISTRY, type BlobStore, type DocumentName, type Registry } from '@millrace/ports';

const withAccessList = parsedDocument.pick({ acl: true });

/** Who may read documents, so that models can be asked as they would ask. */
@Injectable()
export class DocumentAccess {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
  ) {}

  /** The entries of its access list; none where everybody may, or where it is gone. */
  async of({ tenant, document }: DocumentName): Promise<string[]> {
    const live = await this.registry.documents.live(tenant, document);
    const bytes = live?.parsed === undefined ? undefined : await this.blobs.get(live.parsed);
    return bytes ? withAccessList.parse(JSON.parse(new TextDecoder().decode(bytes))).acl : [];
  }
}
