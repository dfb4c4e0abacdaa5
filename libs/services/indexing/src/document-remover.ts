import { Inject, Injectable } from '@nestjs/common';
import { events, jobs, type JobData } from '@millrace/contracts';
import { VECTOR_STORE, type VectorStore } from '@millrace/ports';
import { EventPublisher, HandleJob, type JobContext } from '@millrace/platform';
import { ActiveIndexes } from './active-indexes.ts';

/**
 * Takes withdrawn documents out of every index; the store's tombstones keep late versions out. It goes by the plan as it is
 * now: what a model gets that comes into the plan later is asked for by then, when the document is withdrawn already.
 */
@Injectable()
export class DocumentRemover {
  constructor(
    @Inject(VECTOR_STORE) private readonly store: VectorStore,
    @Inject(ActiveIndexes) private readonly indexes: ActiveIndexes,
    @Inject(EventPublisher) private readonly events: EventPublisher,
  ) {}

  @HandleJob(jobs.removeDocument)
  async remove(withdrawn: JobData<typeof jobs.removeDocument>, { signal }: JobContext): Promise<void> {
    const { tenant, document, version } = withdrawn;
    const active = await this.indexes.all(signal, true);
    let chunks = 0;
    for (const { collection } of active) {
      const gone = await this.indexes.within(
        collection,
        (name) => this.store.remove(name, { tenant, document, version }),
        (now) => now.find((one) => one.collection === collection),
        signal,
      );
      chunks += gone?.removed ?? 0;
    }
    const { collection } = active[0];
    await this.events.publish(events.documentDeleted, { tenant, document, version, chunks, collection });
  }
}
