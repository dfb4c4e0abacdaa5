import type { Collection } from '../collection/collection.ts';
import { all, within } from '../filter/conditions.ts';
import {
  fromPayload,
  isSame,
  pointerId,
  toPayload,
  unsaid,
  type DocumentName,
  type Pointer,
  type PointerPayload,
} from './pointer.ts';

/** What a pointer says, by whose clock it was said then, and since when it is known, by `performance.now()`. */
interface Memory extends Pick<Pointer, 'state' | 'at'> {
  readonly since: number;
}

/** A pointer as it was read. */
export interface Reading {
  readonly pointer: Pointer;
  /** True when it certainly said the same when `since` was. */
  readonly steady: boolean;
}

/** What was said longer ago than the clocks of any two processes differ. */
const clocksDifferMs = 60_000;
const remembered = 50_000;
/** Ids in one request. */
const pageSize = 1_000;

/** Reads the pointers of documents, and sets them forward. */
export class Pointers {
  private readonly memory = new Map<string, Memory>();

  async readOne(collection: Collection, name: DocumentName): Promise<Pointer> {
    const [reading] = (await this.read(collection, [name], performance.now())).values();
    return reading!.pointer;
  }

  /** By the documents' names, which are of one tenant; `since` by `performance.now()`. */
  async read(
    collection: Collection,
    names: readonly DocumentName[],
    since: number,
  ): Promise<Map<string, Reading>> {
    const ids = new Map(names.map((name) => [pointerId(name), name]));
    const found = await this.retrieve(collection, [...ids.keys()]);
    return new Map(
      [...ids].map(([id, name]) => {
        const pointer = found.get(id) ?? unsaid(name);
        return [name.document, { pointer, steady: this.note(`${collection.name}/${id}`, pointer, since) }];
      }),
    );
  }

  /** Never sets one back: a lower state has no effect. */
  async raise(collection: Collection, pointer: Pointer): Promise<void> {
    const point = { id: pointerId(pointer), vector: {}, payload: { ...toPayload(pointer) } };
    await collection.run((client, name) =>
      client.upsert(name, {
        ...{ wait: true, ordering: 'strong', points: [point] },
        update_filter: all(within('state', { lt: pointer.state })),
      }),
    );
  }

  private async retrieve(collection: Collection, ids: readonly string[]): Promise<Map<string, Pointer>> {
    const pages = Array.from({ length: Math.ceil(ids.length / pageSize) }, (_, page) =>
      ids.slice(page * pageSize, (page + 1) * pageSize),
    );
    const records = await Promise.all(
      pages.map((page) =>
        collection.run((client, name) =>
          client.retrieve(name, { ids: page, with_payload: true, with_vector: false }),
        ),
      ),
    );
    return new Map(
      records
        .flat()
        .map(({ id, payload }) => [String(id), fromPayload(payload as unknown as PointerPayload)]),
    );
  }

  /** Whether a pointer said the same at `since`: for then it never said anything else in between. */
  private note(key: string, { state, at }: Pointer, since: number): boolean {
    const before = this.memory.get(key);
    const isKnown = before !== undefined && isSame({ state, at }, before);
    this.memory.delete(key);
    this.memory.set(key, isKnown ? before : { state, at, since: performance.now() });
    if (this.memory.size > remembered) this.memory.delete(this.memory.keys().next().value!);
    if (state === 0 || (isKnown && before.since <= since)) return true;
    return at < Date.now() - (performance.now() - since) - clocksDifferMs;
  }
}
