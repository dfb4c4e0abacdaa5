import { Inject, Injectable } from '@nestjs/common';
import { calls, collectionOf, jobs, type JobData } from '@millrace/contracts';
import { Caller, HandleJob, type JobContext } from '@millrace/platform';
import { VersionWriter } from './version-writer.ts';

/** Makes a version searchable by a second model. What was erased, overtaken, or is wanted no more, is left. */
@Injectable()
export class SecondIndexer {
  constructor(
    @Inject(VersionWriter) private readonly writer: VersionWriter,
    @Inject(Caller) private readonly caller: Caller,
  ) {}

  @HandleJob(jobs.indexAgain)
  async index(made: JobData<typeof jobs.indexAgain>, { signal }: JobContext): Promise<void> {
    const { model, dims } = made;
    const { models } = await this.caller.call(calls.activeModels, {}, { signal, lane: 'bulk' });
    if (!models.some((active) => active.model === model)) return;
    const loaded = await this.writer.load(made);
    if (!loaded) return;
    const name = collectionOf(model);
    await this.writer.ensure({ name, dims });
    await this.writer.write(name, made, loaded, signal);
  }
}
