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
import { HandleCall, HandleJob } from '@millrace/platform';

/** Looked for at a time. */
const atOnce = 16;

type Missing = typeof calls.missingVersions;

/** What there is in the index of a model, and letting it go. */
@Injectable()
export class IndexKeeper {
  constructor(@Inject(VECTOR_STORE) private readonly store: VectorStore) {}

  @HandleCall(calls.missingVersions)
  async missing({ model, dims, tenant, versions }: CallInput<Missing>): Promise<CallOutput<Missing>> {
    const collection = collectionOf(model);
    await this.store.ensureCollection({ name: collection, dims });
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

  @HandleJob(jobs.dropIndex)
  drop({ model }: JobData<typeof jobs.dropIndex>): Promise<void> {
    return this.store.drop(collectionOf(model));
  }
}
