import { givenUpHeader } from '@millrace/contracts';
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
} from 'kysely';
import { expect, it } from 'vitest';
import { addPlacesOfLetters } from './places-of-letters.ts';
import type { Schema } from './schema.ts';

const givenUp = (at: string): string => JSON.stringify({ headers: { [givenUpHeader]: at } });

it('letters of an earlier version of Millrace get the place of their message', async () => {
  const letters = new Letters([
    ...Array.from({ length: 40 }, (_, n) => ({
      id: `replayed ${n}`,
      at: 2_000,
      replay_json: givenUp(iso(n)),
    })),
    { id: 'said once', at: 3_000, replay_json: JSON.stringify({ headers: {} }) },
  ]);
  await addPlacesOfLetters(letters.database);
  const places = Array.from({ length: 40 }, (_, n) => [`replayed ${n}`, n] as const);
  expect(letters.places).toEqual(new Map([...places, ['said once', 3_000]]));
});

const iso = (time: number): string => new Date(time).toISOString();

interface Letter {
  readonly id: string;
  readonly at: number;
  readonly replay_json: string;
}

/** Stands for the table: answers what the migration reads, and notes what it writes. */
class Letters {
  readonly places = new Map<unknown, unknown>();

  constructor(private readonly rows: readonly Letter[]) {}

  get database(): Kysely<Schema> {
    const connection = { executeQuery: async (query: CompiledQuery) => ({ rows: this.answer(query) }) };
    const driver = new DummyDriver();
    driver.acquireConnection = async () => connection as DatabaseConnection;
    return new Kysely<Schema>({
      dialect: {
        createDriver: () => driver,
        createAdapter: () => new SqliteAdapter(),
        createQueryCompiler: () => new SqliteQueryCompiler(),
        createIntrospector: (db) => new SqliteIntrospector(db),
      },
    });
  }

  private answer({ sql, parameters }: CompiledQuery): readonly Letter[] {
    if (sql.startsWith('update')) this.places.set(parameters[1], parameters[0]);
    if (!sql.startsWith('select')) return [];
    const [after, limit] = parameters as [string, number];
    const behind = this.rows.filter(({ id }) => id > after);
    return behind.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
  }
}
