import { Inject, Injectable } from '@nestjs/common';
import { calls, collectionOf, events, jobs, type JobData } from '@millrace/contracts';
import { VECTOR_STORE, type VectorStore } from '@millrace/ports';
import { Caller, EventPublisher, HandleJob, type JobContext } from '@millrace/platform';

/** Takes withdrawn documents out of the index; the store's tombstone keeps late versions out. */
@Injectable()
export class DocumentRemover {
  constructor(
    @Inject(VECTOR_STORE) private readonly store: VectorStore,
    @Inject(Caller) private readonly caller: Caller,
    @Inject(EventPublisher) private readonly events: EventPublisher,
  ) {}

  @HandleJob(jobs.removeDocument)
  async remove(withdrawn: JobData<typeof jobs.removeDocument>, { signal }: JobContext): Promise<void> {
    const { tenant, document, version } = withdrawn;
    const { model, dims } = await this.caller.call(calls.describeModel, {}, { signal, lane: 'bulk' });
    const collection = collectionOf(model);
    await this.store.ensureCollection({ name: collection, dims });
    const { removed } = await this.store.remove(collection, { tenant, document, version });
    await this.events.publish(events.documentDeleted, {
      tenant,
      document,
      version,
      chunks: removed,
      collection,
    });
  }
}
