import { createHash, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { judgements, MillraceError, type JudgedQuestion, type NextModel } from '@millrace/contracts';
import { BLOB_STORE, type BlobStore } from '@millrace/ports';

/** Questions with judgements, kept for the comparison of a model; in no tenant's folder. */
@Injectable()
export class JudgementStore {
  constructor(@Inject(BLOB_STORE) private readonly blobs: BlobStore) {}

  /** Returns the name that these alone are kept under: who forgets others late does not meet them. */
  async keep(questions: readonly JudgedQuestion[]): Promise<string> {
    const name = randomUUID();
    await this.blobs.put(keyOf(name), new TextEncoder().encode(JSON.stringify(questions)));
    return name;
  }

  async forget(name: string): Promise<void> {
    await this.blobs.delete(keyOf(name));
  }

  async read(name: string): Promise<JudgedQuestion[]> {
    const bytes = await this.blobs.get(keyOf(name));
    if (bytes) return judgements.parse(JSON.parse(new TextDecoder().decode(bytes)));
    throw new MillraceError('internal', {
      detail: 'the questions with judgements are gone: give them again',
    });
  }
}

/** Where those for that model are kept; a plan of an older installation does not tell, and a model may have any name. */
export const judgementsFor = ({ model, judged_as }: NextModel): string =>
  judged_as ?? createHash('sha256').update(model).digest('hex');

const keyOf = (name: string): string => `_judgements/${name}.json`;
