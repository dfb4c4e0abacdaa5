import { Inject, Injectable } from '@nestjs/common';
import { documentKey, type CallInput, type calls } from '@millrace/contracts';
import { REGISTRY, type DocumentName, type Registry } from '@millrace/ports';
import { DocumentAccess } from '../document-access.ts';
import { Reservoir } from '../reservoir.ts';

/** Documents whose sentences are asked for. */
const compared = 200;

/** Some of the documents that a pass looked at, each once, for two models to be asked about. */
@Injectable()
export class ModelSample {
  private readonly seen = new Reservoir<DocumentName>(compared);

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(DocumentAccess) private readonly access: DocumentAccess,
  ) {}

  /** Of one pass. */
  offer(documents: readonly DocumentName[]): void {
    for (const { tenant, document } of documents) this.seen.offer({ tenant, document });
  }

  empty(): void {
    this.seen.empty();
  }

  /** With who may read them. Another replica may have looked at most of them: then with the first there are. */
  async documents(): Promise<CallInput<typeof calls.compareModels>['documents']> {
    const all = [...this.seen.all()];
    if (all.length < compared) all.push(...(await this.registry.documents.allLive(undefined, compared)));
    const each = [...new Map(all.map((name) => [documentKey(name), name])).values()].slice(0, compared);
    const found: CallInput<typeof calls.compareModels>['documents'] = [];
    for (const { tenant, document } of each)
      found.push({ tenant, document, access: await this.access.of({ tenant, document }) });
    return found;
  }
}
