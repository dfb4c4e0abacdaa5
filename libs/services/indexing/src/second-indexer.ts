import { Inject, Injectable } from '@nestjs/common';
import { events, jobs, type JobData } from '@millrace/contracts';
import { EventPublisher, HandleJob, type JobContext } from '@millrace/platform';
import { ActiveIndexes, type ActiveIndex } from './active-indexes.ts';
import { VersionWriter } from './version-writer.ts';

/** Makes a version searchable by a second model. What was erased, overtaken, or is wanted no more, is left. */
@Injectable()
export class SecondIndexer {
  constructor(
    @Inject(VersionWriter) private readonly writer: VersionWriter,
    @Inject(ActiveIndexes) private readonly indexes: ActiveIndexes,
    @Inject(EventPublisher) private readonly events: EventPublisher,
  ) {}

  @HandleJob(jobs.indexAgain)
  async index(made: JobData<typeof jobs.indexAgain>, { signal }: JobContext): Promise<void> {
    const { tenant, document, version, model } = made;
    const ofModel = (active: readonly ActiveIndex[]) => active.find((one) => one.model === model);
    const index = ofModel(await this.indexes.all(signal));
    if (!index) return;
    const loaded = await this.writer.load(made);
    if (!loaded) return;
    const written = await this.indexes.within(
      made.collection ?? index.collection,
      async (collection) => ({ collection, ...(await this.writer.write(collection, made, loaded, signal)) }),
      ofModel,
      signal,
    );
    const { name } = index;
    if (written?.outcome !== 'published') return;
    const { collection } = written;
    await this.events.publish(events.vectorsIndexed, { tenant, document, version, name, collection });
  }
}
