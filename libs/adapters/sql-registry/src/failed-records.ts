import { events } from '@millrace/contracts';
import type { LogPlace, PushedEvent } from '@millrace/ports';
import type { Kysely, Transaction } from 'kysely';
import { locked, textColumn } from './dialects.ts';
import { dropPushedLetter } from './pushed-letters.ts';
import type { Schema } from './schema.ts';

/** Of a record that failed before: its letter, or that this was sent or erased since. */
export type Failure = FailedLetter | 'gone';

export interface FailedLetter {
  readonly id: string;
  /** When it was written. */
  readonly at: number;
  readonly saidAt: number;
}

/** A record's name: with its time, because offsets begin again in a topic that was made anew. */
export const placeOfRecord = (topic: string, { partition, offset, timestamp }: LogPlace): string =>
  `${topic}/${partition}/${offset}/${timestamp}`;

/** Records that failed once and come again, while what pushes them is carried out. */
export class FailedRecords {
  private readonly handled = new Map<FailedLetter, number>();

  private constructor(private readonly failures: ReadonlyMap<string, Failure>) {}

  /** Those of these places, their letters held until the transaction ends. */
  static async load(
    trx: Transaction<Schema>,
    events: readonly (PushedEvent | undefined)[],
  ): Promise<FailedRecords> {
    const places = events.flatMap((event) => placeOf(event) ?? []);
    if (places.length === 0) return new FailedRecords(new Map());
    const letters = await lettersAt(trx, places);
    // Looked for afterwards: whoever was just dropping a letter has been waited for.
    const gone = await trx
      .selectFrom('dropped_letters')
      .select('place')
      .where('place', 'in', places)
      .execute();
    return new FailedRecords(
      new Map<string, Failure>([
        ...letters.map(
          ({ id, at, place, said_at }) => [place ?? '', { id, at, saidAt: said_at ?? at }] as const,
        ),
        ...gone.map(({ place }) => [place ?? '', 'gone'] as const),
      ]),
    );
  }

  of(event: PushedEvent | undefined): Failure | undefined {
    const place = placeOf(event);
    return place === undefined ? undefined : this.failures.get(place);
  }

  /** Its message was carried out: the letter goes with it. */
  handle(letter: FailedLetter, at: number): void {
    this.handled.set(letter, at);
  }

  async save(trx: Transaction<Schema>): Promise<void> {
    for (const [letter, at] of this.handled) await dropPushedLetter(trx, letter, at);
  }
}

const placeOf = (event: PushedEvent | undefined): string | undefined =>
  event?.place && placeOfRecord(events.documents.name, event.place);

const lettersAt = (trx: Transaction<Schema>, places: readonly string[]) => {
  const letters = trx
    .selectFrom('dead_letters')
    .select(['id', 'at', 'said_at', 'place'])
    .where('place', 'in', places)
    .orderBy('id');
  return locked<typeof letters>(trx, letters).execute();
};

export async function addLettersByPlace(db: Kysely<Schema>): Promise<void> {
  for (const table of ['dead_letters', 'dropped_letters'] as const) {
    await db.schema.alterTable(table).addColumn('place', textColumn(db)).execute();
    await db.schema.createIndex(`${table}_by_place`).on(table).columns(['place']).execute();
  }
}
