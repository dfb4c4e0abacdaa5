import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { judgements, MillraceError, type JudgedQuestion } from '@millrace/contracts';
import { BLOB_STORE, type BlobStore } from '@millrace/ports';

/** Questions with judgements, kept for the comparison of a model; in no tenant's folder. */
@Injectable()
export class JudgementStore {
  constructor(@Inject(BLOB_STORE) private readonly blobs: BlobStore) {}

  /** Those that were kept for the model before go. */
  async keep(model: string, questions: readonly JudgedQuestion[]): Promise<void> {
    await this.blobs.put(keyOf(model), new TextEncoder().encode(JSON.stringify(questions)));
  }

  async forget(model: string): Promise<void> {
    await this.blobs.delete(keyOf(model));
  }

  async read(model: string): Promise<JudgedQuestion[]> {
    const bytes = await this.blobs.get(keyOf(model));
    if (bytes) return judgements.parse(JSON.parse(new TextDecoder().decode(bytes)));
    throw new MillraceError('internal', {
      detail: 'the questions with judgements are gone: give them again',
    });
  }
}

/** A model of the operator's own may have any name. */
const keyOf = (model: string): string =>
  `_judgements/${createHash('sha256').update(model).digest('hex')}.json`;
