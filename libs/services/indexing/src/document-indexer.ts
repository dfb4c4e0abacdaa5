import { Inject, Injectable } from '@nestjs/common';
import { collectionOf, events, jobs, MillraceError, type JobData } from '@millrace/contracts';
import { EventPublisher, HandleJob, type JobContext } from '@millrace/platform';
import { ActiveIndexes } from './active-indexes.ts';
import { VersionWriter } from './version-writer.ts';

type Embedded = JobData<typeof jobs.indexDocument>;

/** Makes a version searchable by the model that it was embedded by. */
@Injectable()
export class DocumentIndexer {
  constructor(
    @Inject(VersionWriter) private readonly writer: VersionWriter,
    @Inject(ActiveIndexes) private readonly indexes: ActiveIndexes,
    @Inject(EventPublisher) private readonly events: EventPublisher,
  ) {}

  @HandleJob(jobs.indexDocument)
  async index(embedded: Embedded, { signal }: JobContext): Promise<void> {
    const { tenant, document, version, chunks, model, name, parsed, acceptedAt } = embedded;
    const loaded = await this.writer.load(embedded);
    if (!loaded) throw new MillraceError('version_gone');
    const written = await this.indexes.within(
      embedded.collection ?? collectionOf(model),
      async (collection) => ({
        collection,
        ...(await this.writer.write(collection, embedded, loaded, signal)),
      }),
      (active) => active.find((one) => one.model === model),
      signal,
    );
    if (!written) return this.wantOfServing(embedded, signal);
    const { outcome, collection } = written;
    await this.events.publish(events.documentIndexed, {
      ...{ tenant, document, version, outcome, chunks, collection, name, acceptedAt, parsed },
    });
  }

  /** Its model was given up while it was on its way. */
  private async wantOfServing(
    { tenant, document, version, parsed, chunks, name }: Embedded,
    signal: AbortSignal,
  ): Promise<void> {
    const [serving] = await this.indexes.all(signal);
    // Asked for again, it would come back the same.
    if (serving.name === name)
      throw new MillraceError('index_missing', {
        detail: `the file of ${name} is another than its index was made of`,
      });
    await this.events.publish(events.vectorsWanted, {
      ...{ tenant, document, version, parsed, chunks, model: serving.name },
    });
  }
}
