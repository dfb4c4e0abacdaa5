import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { JudgedQuestion } from '@millrace/contracts';
import { BLOB_STORE, type BlobStore } from '@millrace/ports';

/** Questions with judgements, kept for the comparison of a model; in no tenant's folder. */
@Injectable()
export class JudgementStore {
  constructor(@Inject(BLOB_STORE) private readonly blobs: BlobStore) {}

  /** Those that were kept for the model before go. */
  async keep(model: string, judgements: readonly JudgedQuestion[]): Promise<void> {
    await this.blobs.put(judgementsKey(model), new TextEncoder().encode(JSON.stringify(judgements)));
  }

  async forget(model: string): Promise<void> {
    await this.blobs.delete(judgementsKey(model));
  }
}

/** A model of the operator's own may have any name. */
export const judgementsKey = (model: string): string =>
  `_judgements/${createHash('sha256').update(model).digest('hex')}.json`;
