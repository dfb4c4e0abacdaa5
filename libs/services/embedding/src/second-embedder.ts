import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { events, jobs, type JobData } from '@millrace/contracts';
import { BLOB_STORE, type BlobStore } from '@millrace/ports';
import { EventPublisher, HandleJob, type JobContext, type SettingsOf } from '@millrace/platform';
import { embeddingSettings } from './embedding-settings.ts';
import { PassageEmbedder } from './passage-embedder.ts';
import { QuestionsUnderWay } from './questions-under-way.ts';
import { ServingModel } from './serving-model.ts';
import { readParsed, vectorsKey } from './vector-blobs.ts';
import { toBytes } from './vector-bytes.ts';

/** However small the share: a job must not seem to stand still. */
const longestPauseMs = 20_000;
/** A run cannot be stopped: whoever asks waits beside one text at most. */
const textsAtATime = 1;

/**
 * Makes a version's vectors by a second model, out of the way of those who wait: text by text, between their questions,
 * and for a share of the time. What was erased or overtaken meanwhile, or is wanted no more, is left: control asks again
 * for all that lacks them.
 */
@Injectable()
export class SecondEmbedder {
  constructor(
    @Inject(PassageEmbedder) private readonly embedder: PassageEmbedder,
    @Inject(ServingModel) private readonly serving: ServingModel,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(QuestionsUnderWay) private readonly questions: QuestionsUnderWay,
    @Inject(embeddingSettings.token) private readonly settings: SettingsOf<typeof embeddingSettings>,
  ) {}

  @HandleJob(jobs.embedAgain)
  async embed(wanted: JobData<typeof jobs.embedAgain>, { signal }: JobContext): Promise<void> {
    const { tenant, document, version, parsed, chunks, model: name, fill } = wanted;
    if (!(await this.serving.isActive(name))) return;
    const text = await readParsed(this.blobs, parsed);
    if (!text) return;
    const through = <T>(makeBatch: () => Promise<T>) => this.outOfTheWay(makeBatch, signal);
    const { model, rows } = await this.embedder.embed(text, wanted, {
      ...{ model: name, signal, through, batchChunks: textsAtATime },
    });
    const { fingerprint, dims } = model;
    const vectors = vectorsKey(parsed, fingerprint);
    await this.blobs.put(vectors, toBytes(rows));
    const collection = await this.serving.collectionOf(model);
    await this.events.publish(events.vectorsMade, {
      ...{ tenant, document, version, parsed, vectors, chunks, dims, model: fingerprint, collection, fill },
    });
  }

  private async outOfTheWay<T>(makeBatch: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const asked = performance.now();
    await this.questions.letPass(signal);
    const began = performance.now();
    const made = await makeBatch();
    const due = (performance.now() - began) * (100 / this.settings.secondModelPercent - 1);
    const rested = began - asked;
    await pause(Math.max(0, Math.min(due - rested, longestPauseMs)), undefined, { signal });
    return made;
  }
}
