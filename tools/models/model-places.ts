import { join, resolve } from 'node:path';
import { catalogue, embeddingModel, transcriptionModels, type CatalogueEntry } from '@millrace/adapters/onnx';
import { loadSettings, modelSettings } from '@millrace/composition';
import { serverSettings } from '@millrace/platform';
import { Stop } from '../toolchain/stop.mjs';

/** Which models there are, which the settings name, and where their files belong: by the settings of the server. */
export class ModelPlaces {
  readonly modelsDir: string;
  readonly hubUrl: string;
  /** What a server with these settings needs. */
  readonly chosen: readonly CatalogueEntry[];

  constructor(settings = loadSettings()) {
    const { dir, hubUrl, embedding, transcription } = settings.of(modelSettings);
    this.modelsDir = resolve(dir ?? join(settings.of(serverSettings).dataDir, 'models'));
    this.hubUrl = hubUrl;
    const { speech, voiceActivity } = transcriptionModels(transcription);
    this.chosen = [embeddingModel(embedding), speech, voiceActivity];
  }

  /** The named models, or the chosen ones. */
  entries(names: readonly string[]): readonly CatalogueEntry[] {
    return names.length === 0 ? this.chosen : names.map(entryOf);
  }

  dirOf({ name }: CatalogueEntry): string {
    return join(this.modelsDir, name);
  }
}

function entryOf(name: string): CatalogueEntry {
  const entry = catalogue.find((each) => each.name === name);
  const known = catalogue.map((each) => each.name).join(', ');
  if (!entry) throw new Stop(`There is no model ${name} in the catalogue. Known: ${known}.`);
  return entry;
}
