import { Inject, Injectable } from '@nestjs/common';
import { calls, collectionOf, MillraceError, type CallOutput } from '@millrace/contracts';
import { VECTOR_STORE, type VectorStore } from '@millrace/ports';
import { Caller } from '@millrace/platform';

type Told = CallOutput<typeof calls.activeModels>['models'][number];

/** The index of a model. */
export interface ActiveIndex {
  /** Catalogue name, and fingerprint. */
  readonly name: string;
  readonly model: string;
  readonly dims: number;
  readonly collection: string;
  /** No model was ever switched: it is made with the first document, and never again by whoever writes. */
  readonly isFirst: boolean;
}

/** The indexes that documents are kept in, by the plan of models. */
@Injectable()
export class ActiveIndexes {
  constructor(
    @Inject(VECTOR_STORE) private readonly store: VectorStore,
    @Inject(Caller) private readonly caller: Caller,
  ) {}

  /** That of the serving model first; of a moment ago, unless it has to be `fresh`. */
  async all(signal: AbortSignal, fresh = false): Promise<[ActiveIndex, ...ActiveIndex[]]> {
    const { models } = await this.caller.call(calls.activeModels, { fresh }, { signal, lane: 'bulk' });
    return models.map(asIndex) as [ActiveIndex, ...ActiveIndex[]];
  }

  /**
   * Does something in a collection. Where that is gone, in the one that takes its place by the plan as it is now: undefined
   * when there is none.
   */
  async within<T>(
    collection: string,
    work: (collection: string) => Promise<T>,
    successor: (active: readonly ActiveIndex[]) => ActiveIndex | undefined,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    try {
      return await work(collection);
    } catch (error) {
      if (!isMissing(error)) throw error;
      const index = successor(await this.all(signal, true));
      if (!index) return undefined;
      if (index.isFirst) await this.store.ensureCollection({ name: index.collection, dims: index.dims });
      else if (index.collection === collection) throw error;
      return work(index.collection);
    }
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof MillraceError && error.code === 'index_missing';

const asIndex = ({ collection, model, ...told }: Told): ActiveIndex => ({
  ...{ ...told, model },
  collection: collection ?? collectionOf(model),
  isFirst: collection === undefined,
});
