import { Inject, Injectable } from '@nestjs/common';
import { calls, collectionOf, events, jobs, type JobData } from '@millrace/contracts';
import { VECTOR_STORE, type VectorStore } from '@millrace/ports';
import { Caller, EventPublisher, HandleJob, type JobContext } from '@millrace/platform';

/** Takes withdrawn documents out of every index; the store's tombstones keep late versions out. */
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
    const { models } = await this.caller.call(calls.activeModels, {}, { signal, lane: 'bulk' });
    const collections = models.map(({ model, dims }) => ({ name: collectionOf(model), dims }));
    let chunks = 0;
    for (const collection of collections) {
      await this.store.ensureCollection(collection);
      const { removed } = await this.store.remove(collection.name, { tenant, document, version });
      chunks += removed;
    }
    const collection = collections[0]!.name;
    await this.events.publish(events.documentDeleted, { tenant, document, version, chunks, collection });
  }
}
