import { join } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import type { Embedder, EmbedderHealth, Embedders, EmbedderState } from '@millrace/ports';
import { loadTokenizer } from '@millrace/text';
import type { CatalogueEntry, EmbeddingManifest } from '../catalogue/entry.ts';
import { Residency, type ResidencyOptions } from '../residency/residency.ts';
import { OnDemandEmbedder } from './on-demand-embedder.ts';
import { OnnxEmbedder, type OnnxEmbedderOptions } from './onnx-embedder.ts';

export interface OnnxEmbeddersOptions extends Omit<OnnxEmbedderOptions, 'entry' | 'modelDir'> {
  /** Always loaded; the options that it shares with `OnnxEmbedder` are its. */
  readonly default: CatalogueEntry<EmbeddingManifest>;
  /** Those that are loaded when they are asked for; the default may be among them. */
  readonly others: readonly CatalogueEntry<EmbeddingManifest>[];
  /** Each entry has a folder of its name in here. */
  readonly modelsDir: string;
  readonly onDemand: ResidencyOptions & {
    /** One-thread processes of each. */
    readonly workers: number;
  };
}

/** The embedding models of the catalogue whose files are there: one always loaded, the others on demand. */
export class OnnxEmbedders implements Embedders {
  readonly default: OnnxEmbedder;
  private serving: string;

  private constructor(
    chosen: OnnxEmbedder,
    private readonly others: ReadonlyMap<string, OnDemandEmbedder>,
    private readonly residency: Residency,
  ) {
    this.default = chosen;
    this.serving = chosen.model.name;
  }

  /** Resolves before the workers of the default are ready: its `health` tells. */
  static async open(options: OnnxEmbeddersOptions): Promise<OnnxEmbedders> {
    const { default: chosen, others, modelsDir, onDemand, ...shared } = options;
    const residency = new Residency(onDemand);
    const tokenizer = await loadTokenizer();
    const ofEntry = (entry: CatalogueEntry<EmbeddingManifest>): OnnxEmbedderOptions => ({
      ...shared,
      entry,
      modelDir: join(modelsDir, entry.name),
    });
    const found = others
      .filter(({ name }) => name !== chosen.name)
      .map((entry) => ({ ...ofEntry(entry), workers: onDemand.workers, queryWorker: false }))
      .map((each) => [each.entry.name, new OnDemandEmbedder(each, tokenizer, residency)] as const);
    return new OnnxEmbedders(await OnnxEmbedder.open(ofEntry(chosen)), new Map(found), residency);
  }

  async get(name: string): Promise<Embedder> {
    if (name === this.default.model.name) return this.default;
    const embedder = this.others.get(name);
    if (!embedder) throw await this.notFound();
    await embedder.look();
    return embedder;
  }

  hold(names: readonly string[]): void {
    const [serving = this.default.model.name] = names;
    for (const [name, { place }] of this.others)
      this.residency.keep(place, names.includes(name), name === serving);
    this.serving = serving;
    this.others.get(serving)?.warm();
  }

  health(): EmbedderHealth & { name: string } {
    const name = this.serving;
    if (name === this.default.model.name) return { name, ...this.default.health() };
    const embedder = this.others.get(name);
    embedder?.warm();
    const gone = { ready: false, provider: 'none', workers: 0, waitingTokens: 0 };
    return { name, ...(embedder?.health() ?? { ...gone, fault: new MillraceError('model_not_found') }) };
  }

  async list(): Promise<EmbedderState[]> {
    const there = await this.thoseThere();
    return [stateOfDefault(this.default), ...there.map(stateOf)];
  }

  /** The processes of a model that run now, for those who watch them. */
  workerPids(name: string): number[] {
    return this.others.get(name)?.place.current?.workerPids ?? [];
  }

  async close(): Promise<void> {
    await Promise.all([this.default.close(), this.residency.close()]);
  }

  private async thoseThere(): Promise<OnDemandEmbedder[]> {
    const all = [...this.others.values()];
    const there = await Promise.all(all.map((each) => each.isThere()));
    return all.filter((_, at) => there[at]);
  }

  private async notFound(): Promise<MillraceError> {
    const names = (await this.list()).map(({ model }) => model.name);
    return new MillraceError('model_not_found', {
      param: 'model',
      detail: `for embeddings there are ${names.join(', ')}`,
    });
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function stateOfDefault(embedder: OnnxEmbedder): EmbedderState {
  const { workers, waitingTokens } = embedder.health();
  return {
    ...{ model: embedder.model, isDefault: true, loaded: embedder.isStarted, workers, waitingTokens },
    ...{ bytes: sum(embedder.workerBytes), requests: embedder.requests },
    ...{ loads: Number(embedder.isStarted), unloads: 0, evictions: 0, recycles: embedder.recycles },
  };
}

function stateOf(embedder: OnDemandEmbedder): EmbedderState {
  const { workers, waitingTokens } = embedder.health();
  const { current, resident, loads, unloads, evictions } = embedder.place;
  return {
    ...{ model: embedder.model, isDefault: false, loaded: resident !== undefined, workers, waitingTokens },
    ...{ bytes: sum(current?.workerBytes ?? []), requests: embedder.requests },
    ...{ loads, unloads, evictions, recycles: current?.recycles ?? 0 },
  };
}
