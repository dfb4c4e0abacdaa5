import { Inject, Injectable } from '@nestjs/common';
import {
  activeModels,
  calls,
  collectionOf,
  MillraceError,
  type ModelIndex,
  type ModelPlan,
} from '@millrace/contracts';
import { Caller } from '@millrace/platform';
import { operatorTenant } from '../admin-scope.ts';

const anyQuestion = 'Which model answers?';

/** Where the vectors of models lie. The plan tells: only what it does not know is asked for, and needs the model's files. */
@Injectable()
export class ModelIndexes {
  constructor(@Inject(Caller) private readonly caller: Caller) {}

  /** Of a model of the plan. Rejects with `models_missing` where a plan of an older installation does not tell. */
  async of({ indexes }: ModelPlan, name: string): Promise<ModelIndex> {
    return indexes?.[name] ?? this.newest(name);
  }

  /** With what can be told of those that the plan does not know. */
  async completed(plan: ModelPlan): Promise<ModelPlan> {
    if (isComplete(plan)) return plan;
    const indexes = { ...plan.indexes };
    for (const name of activeModels(plan))
      if (!indexes[name]) {
        const found = await this.newest(name).catch(() => undefined);
        if (found) indexes[name] = found;
      }
    return { ...plan, indexes };
  }

  /** An empty one that was never there before, for a model that is to be prepared by the plan of that revision. */
  async make(plan: ModelPlan, model: string, revision: number): Promise<Record<string, ModelIndex>> {
    const { fingerprint, dims } = await this.newest(model);
    const index = { fingerprint, dims, collection: collectionOf(fingerprint, revision) };
    const { indexes = {} } = plan;
    const first = revision === 1 ? indexes[plan.serving] : undefined;
    // Beside the first one, which may not have come with a document yet.
    for (const { collection, dims } of [...(first ? [first] : []), index])
      await this.caller.call(calls.makeIndex, { collection, dims });
    return { ...indexes, [model]: index };
  }

  /** The index called by its fingerprint alone, where there is one that the plan does not know. */
  async abandoned({ indexes = {} }: ModelPlan, model: string): Promise<ModelIndex | undefined> {
    const index = await this.newest(model);
    const { collection } = index;
    if (Object.values(indexes).some((known) => known.collection === collection)) return undefined;
    return (await this.isThere(collection)) ? index : undefined;
  }

  async isThere(collection: string): Promise<boolean> {
    const versions = [{ document: 'any', version: 1 }];
    try {
      await this.caller.call(calls.missingVersions, { collection, tenant: operatorTenant, versions });
      return true;
    } catch (error) {
      if (error instanceof MillraceError && error.code === 'index_missing') return false;
      throw error;
    }
  }

  /** Rejects with `model_not_found` and `models_missing`. */
  async fingerprintOf(model: string): Promise<string> {
    return (await this.newest(model)).fingerprint;
  }

  /** Whether its file is another than its index was made of. Rejects with `models_missing`. */
  async isReplaced({ indexes }: ModelPlan, model: string): Promise<boolean> {
    const index = indexes?.[model];
    return index !== undefined && index.fingerprint !== (await this.fingerprintOf(model));
  }

  /**
   * Has a model of the plan asked a question. Rejects with what whoever asks would be told, and with `model_not_ready` where
   * the answer would be of another file than its index.
   */
  async demandAnswer({ indexes }: ModelPlan, name: string): Promise<void> {
    const index = indexes?.[name];
    const { model } = await this.caller.call(calls.embedTexts, {
      ...{ texts: [anyQuestion], kind: 'query', model: name },
    });
    if (index === undefined || index.fingerprint === model) return;
    throw new MillraceError('model_not_ready', {
      detail: `${name} has another file than its index was made of: put that one back, or retire it and prepare it anew`,
    });
  }

  private async newest(name: string): Promise<ModelIndex> {
    const { model: fingerprint, dims } = await this.caller.call(
      calls.describeModel,
      { model: name },
      { lane: 'bulk' },
    );
    return { fingerprint, dims, collection: collectionOf(fingerprint) };
  }
}

export const isComplete = (plan: ModelPlan): boolean =>
  activeModels(plan).every((name) => plan.indexes?.[name] !== undefined);
