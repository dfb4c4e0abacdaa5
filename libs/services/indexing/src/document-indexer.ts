import { Inject, Injectable } from '@nestjs/common';
import { collectionOf, events, jobs, MillraceError, type JobData } from '@millrace/contracts';
import { EventPublisher, HandleJob, type JobContext } from '@millrace/platform';
import { VersionWriter } from './version-writer.ts';

/** Makes a version searchable by the model that it was embedded by. */
@Injectable()
export class DocumentIndexer {
  private readonly known = new Set<string>();

  constructor(
    @Inject(VersionWriter) private readonly writer: VersionWriter,
    @Inject(EventPublisher) private readonly events: EventPublisher,
  ) {}

  @HandleJob(jobs.indexDocument)
  async index(embedded: JobData<typeof jobs.indexDocument>, { signal }: JobContext): Promise<void> {
    const { tenant, document, version, chunks, dims, model, name, parsed, acceptedAt } = embedded;
    const collection = collectionOf(model);
    await this.ensure(collection, dims);
    const loaded = await this.writer.load(embedded);
    if (!loaded) throw new MillraceError('version_gone');
    const { outcome } = await this.writer.write(collection, embedded, loaded, signal);
    await this.events.publish(events.documentIndexed, {
      ...{ tenant, document, version, outcome, chunks, collection, name, acceptedAt, parsed },
    });
  }

  private async ensure(name: string, dims: number): Promise<void> {
    if (this.known.has(name)) return;
    await this.writer.ensure({ name, dims });
    this.known.add(name);
  }
}
