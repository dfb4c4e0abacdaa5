import { Inject, Injectable } from '@nestjs/common';
import { calls, collectionOf, events, jobs, type JobData } from '@millrace/contracts';
import { Caller, EventPublisher, HandleJob, type JobContext } from '@millrace/platform';
import { VersionWriter } from './version-writer.ts';

/** Makes a version searchable by a second model. What was erased, overtaken, or is wanted no more, is left. */
@Injectable()
export class SecondIndexer {
  constructor(
    @Inject(VersionWriter) private readonly writer: VersionWriter,
    @Inject(Caller) private readonly caller: Caller,
    @Inject(EventPublisher) private readonly events: EventPublisher,
  ) {}

  @HandleJob(jobs.indexAgain)
  async index(made: JobData<typeof jobs.indexAgain>, { signal }: JobContext): Promise<void> {
    const { tenant, document, version, model, dims } = made;
    const { models } = await this.caller.call(calls.activeModels, {}, { signal, lane: 'bulk' });
    const active = models.find((one) => one.model === model);
    if (!active) return;
    const loaded = await this.writer.load(made);
    if (!loaded) return;
    const collection = collectionOf(model);
    await this.writer.ensure({ name: collection, dims });
    const { outcome } = await this.writer.write(collection, made, loaded, signal);
    const { name } = active;
    if (outcome === 'published')
      await this.events.publish(events.vectorsIndexed, { tenant, document, version, name });
  }
}
