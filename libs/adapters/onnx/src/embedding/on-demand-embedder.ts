import { join } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import type {
  Embedded,
  Embedder,
  EmbedderHealth,
  EmbeddingModel,
  EmbedInput,
  EmbedOptions,
} from '@millrace/ports';
import type { Tokenizer } from '@millrace/text';
import { stampOf } from '../catalogue/file-stamp.ts';
import { requireModel } from '../catalogue/verify.ts';
import { Place, type Residable } from '../residency/place.ts';
import type { Residency } from '../residency/residency.ts';
import { describeModel, modelFile } from './describe-model.ts';
import { Footprint } from './footprint.ts';
import { OnnxEmbedder, SPECIAL_TOKENS, type OnnxEmbedderOptions } from './onnx-embedder.ts';

export interface OnDemandOptions extends OnnxEmbedderOptions {
  readonly workers: number;
  readonly queryWorker: boolean;
}

const ABSENT: EmbedderHealth = { ready: false, provider: 'none', workers: 0, waitingTokens: 0 };

/** A model whose processes run while it has work, and for a while after, as far as there is memory for them. */
export class OnDemandEmbedder implements Embedder, Residable<OnnxEmbedder> {
  model: EmbeddingModel;
  requests = 0;
  readonly place = new Place<OnnxEmbedder>(this);
  private readonly footprint: Footprint;
  /** The file that `model` tells of. */
  private stamp: string | undefined;
  /** Why it could not be loaded last. */
  private fault: MillraceError | undefined;

  constructor(
    private readonly options: OnDemandOptions,
    private readonly tokenizer: Tokenizer,
    private readonly residency: Residency,
  ) {
    const { entry, workers, queryWorker } = options;
    this.footprint = new Footprint(entry, workers + Number(queryWorker));
    this.model = describeModel(entry, modelFile(entry).sha256[0]);
  }

  get bytes(): number {
    this.footprint.note(this.place.current?.workerBytes ?? []);
    return this.footprint.bytes;
  }

  /** Rejects with `models_missing` when it is neither loaded nor there to be. */
  async look(): Promise<void> {
    if (this.place.resident) return;
    const { entry, modelDir } = this.options;
    const stamp = await this.stampOfFile();
    if (stamp !== undefined && stamp === this.stamp) return;
    const sha256 = await requireModel(entry, modelDir);
    this.model = describeModel(entry, sha256.get(modelFile(entry).name)!);
    this.stamp = stamp;
  }

  async isThere(): Promise<boolean> {
    return this.place.resident !== undefined || (await this.stampOfFile()) !== undefined;
  }

  countTokens(texts: readonly string[]): number[] {
    return texts.map((text) => this.tokenizer.count(text) + SPECIAL_TOKENS);
  }

  embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<Embedded> {
    this.requests++;
    const asked = performance.now();
    const embed = async (embedder: OnnxEmbedder): Promise<Embedded> => {
      const load = performance.now() - asked;
      const embedded = await embedder.embed(inputs, options);
      return { ...embedded, millis: { ...embedded.millis, load } };
    };
    return this.residency.use(this.place, embed, options);
  }

  /** Loads it, if it is not there. */
  warm(): void {
    if (this.place.resident) return;
    this.residency
      .use(this.place, async () => undefined)
      .then(
        () => (this.fault = undefined),
        (error: unknown) => (this.fault = MillraceError.from(error)),
      );
  }

  health(): EmbedderHealth {
    const { fault } = this;
    return this.place.current?.health() ?? { ...ABSENT, ...(fault && { fault }) };
  }

  async load(): Promise<OnnxEmbedder> {
    const embedder = await OnnxEmbedder.open(this.options);
    const { fault } = embedder.health();
    if (fault) {
      await embedder.close();
      throw fault;
    }
    this.model = embedder.model; // the file may be another than the one that was looked at
    return embedder;
  }

  /** Undefined while there is none. */
  private async stampOfFile(): Promise<string | undefined> {
    const { entry, modelDir } = this.options;
    return stampOf(join(modelDir, modelFile(entry).name));
  }
}
