import { Inject, Injectable } from '@nestjs/common';
import {
  calls,
  collectionOf,
  jobs,
  type CallInput,
  type CallOutput,
  type JobData,
} from '@millrace/contracts';
import { VECTOR_STORE, type VectorStore } from '@millrace/ports';
import { HandleCall, HandleJob, LOGGER, type JobContext, type Logger } from '@millrace/platform';
import { ActiveIndexes } from './active-indexes.ts';

/** Looked for at a time. */
const atOnce = 16;

type Make = typeof calls.makeIndex;
type Missing = typeof calls.missingVersions;

/** Making the index of a model, what there is in it, and letting it go. */
@Injectable()
export class IndexKeeper {
  constructor(
    @Inject(VECTOR_STORE) private readonly store: VectorStore,
    @Inject(ActiveIndexes) private readonly indexes: ActiveIndexes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @HandleCall(calls.makeIndex)
  async make({ collection: name, dims }: CallInput<Make>): Promise<CallOutput<Make>> {
    await this.store.ensureCollection({ name, dims });
    return {};
  }

  @HandleCall(calls.missingVersions)
  async missing({ collection, tenant, versions }: CallInput<Missing>): Promise<CallOutput<Missing>> {
    const missing: string[] = [];
    for (let at = 0; at < versions.length; at += atOnce)
      await Promise.all(
        versions.slice(at, at + atOnce).map(async ({ document, version }) => {
          const [first] = await this.store.range(collection, { tenant, document }, 0, 0);
          if (!first || first.version < version) missing.push(document);
        }),
      );
    return { missing };
  }

  /** Never one that documents are kept in, whatever asks for it and however late. */
  @HandleJob(jobs.dropIndex)
  async drop(retired: JobData<typeof jobs.dropIndex>, { signal }: JobContext): Promise<void> {
    const { name, model, collection = collectionOf(model) } = retired;
    const active = await this.indexes.all(signal, true);
    if (!active.some((one) => one.collection === collection)) return this.store.drop(collection);
    this.logger.warn({ name, collection }, 'an index that is in use was to be dropped: it stays');
  }
}
