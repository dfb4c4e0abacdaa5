import { join, resolve } from 'node:path';
import {
  catalogue,
  embeddingModel,
  ownModels,
  transcriptionModels,
  type CatalogueEntry,
} from '@millrace/adapters/onnx';
import { loadSettings, modelSettings } from '@millrace/composition';
import { serverSettings } from '@millrace/platform';
import { Stop } from '../toolchain/stop.mjs';

/** Which models there are, which the settings name, and where their files belong: by the settings of the server. */
export class ModelPlaces {
  private constructor(
    readonly modelsDir: string,
    readonly hubUrl: string,
    /** The catalogue, and what the operator put there. */
    readonly known: readonly CatalogueEntry[],
    /** What a server with these settings needs. */
    readonly chosen: readonly CatalogueEntry[],
  ) {}

  static async open(settings = loadSettings()): Promise<ModelPlaces> {
    const { dir, hubUrl, embedding, transcription } = settings.of(modelSettings);
    const modelsDir = resolve(dir ?? join(settings.of(serverSettings).dataDir, 'models'));
    const own = await ownModels(modelsDir);
    const { speech, voiceActivity } = transcriptionModels(transcription);
    const chosen = [embeddingModel(embedding, own), speech, voiceActivity];
    return new ModelPlaces(modelsDir, hubUrl, [...catalogue, ...own], chosen);
  }

  /** The named models, or the chosen ones. */
  entries(names: readonly string[]): readonly CatalogueEntry[] {
    return names.length === 0 ? this.chosen : names.map((name) => this.entryOf(name));
  }

  dirOf({ name }: CatalogueEntry): string {
    return join(this.modelsDir, name);
  }

  private entryOf(name: string): CatalogueEntry {
    const entry = this.known.find((each) => each.name === name);
    const known = this.known.map((each) => each.name).join(', ');
    if (!entry) throw new Stop(`There is no model ${name} in the catalogue. Known: ${known}.`);
    return entry;
  }
}
