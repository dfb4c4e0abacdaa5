import { MillraceError } from '@millrace/contracts';
import type { CollectionSpec } from '@millrace/ports';
import type { Schemas } from '@qdrant/js-client-rest';
import { isMissing, isTaken } from '../connection/qdrant-error.ts';
import type { QdrantLink } from '../connection/qdrant-link.ts';
import { vectorNames } from '../points/chunk-point.ts';
import { Collection } from './collection.ts';
import { creation, indexes } from './collection-schema.ts';
import { demandConditionalWrites } from './conditional-writes.ts';

/** What Qdrant takes for a name on any file system. */
const allowedName = /^[\w.-]{1,200}$/;

/** Makes collections and finds them. */
export class Collections {
  private readonly known = new Map<string, Promise<Collection>>();

  constructor(
    private readonly link: QdrantLink,
    private readonly prefix: string,
    private readonly replicas: number,
  ) {}

  /** Makes what is missing of it: what an earlier attempt left half done is finished. */
  async ensure(spec: CollectionSpec): Promise<void> {
    const name = this.nameOf(spec.name);
    if (!(await this.describe(name)))
      await this.link.runOr(
        (client) => client.createCollection(name, creation(spec, this.replicas)),
        isTaken,
        true,
      );
    // What is remembered may be of one that was dropped since.
    this.known.delete(spec.name);
    const collection = await this.get(spec.name);
    if (collection.dims !== spec.dims)
      throw new MillraceError('internal', {
        detail: `${spec.name} has vectors of ${collection.dims} dimensions, not ${spec.dims}`,
      });
    await this.ensureIndexes(name);
    await demandConditionalWrites(collection);
  }

  /** Idempotent. Resolves with its full name. */
  async drop(name: string): Promise<string> {
    const full = this.nameOf(name);
    await this.link.runOr((client) => client.deleteCollection(full), isMissing, false);
    this.known.delete(name);
    return full;
  }

  /**
   * Throws `index_missing` when there is none of this name, `internal` when it is one of other vectors than these. Vectors that do not fit what
   * is remembered may fit what there is by now: another instance may have made it anew.
   */
  async get(name: string, vectors: readonly Float32Array[] = []): Promise<Collection> {
    const known = await this.remembered(name);
    if (known.takes(vectors)) return known;
    this.known.delete(name);
    const found = await this.remembered(name);
    if (found.takes(vectors)) return found;
    throw new MillraceError('internal', { detail: `${name} takes vectors of ${found.dims} dimensions only` });
  }

  private remembered(name: string): Promise<Collection> {
    const known = this.known.get(name) ?? this.find(name);
    this.known.set(name, known);
    known.catch(() => this.known.delete(name));
    return known;
  }

  private async find(name: string): Promise<Collection> {
    const found = await this.describe(this.nameOf(name));
    if (!found) throw new MillraceError('index_missing', { detail: `there is no collection ${name}` });
    return new Collection(this.nameOf(name), dimsOf(found), this.link);
  }

  /** Before anything is written: an index that comes later leaves gaps in the graph. */
  private async ensureIndexes(name: string): Promise<void> {
    const present = (await this.describe(name))?.payload_schema ?? {};
    for (const [field_name, field_schema] of Object.entries(indexes))
      if (!(field_name in present))
        await this.link.run((client) =>
          client.createPayloadIndex(name, { wait: true, field_name, field_schema }),
        );
  }

  private describe(name: string): Promise<Schemas['CollectionInfo'] | undefined> {
    return this.link.runOr((client) => client.getCollection(name), isMissing, undefined);
  }

  private nameOf(name: string): string {
    if (!allowedName.test(name))
      throw new MillraceError('internal', { detail: `${JSON.stringify(name)} cannot name a collection` });
    return this.prefix + name;
  }
}

function dimsOf({ config }: Schemas['CollectionInfo']): number {
  const vectors = config.params.vectors as Record<string, { size?: number } | undefined> | undefined;
  return vectors?.[vectorNames.dense]?.size ?? 0;
}
