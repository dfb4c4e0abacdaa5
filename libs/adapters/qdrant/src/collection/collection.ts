import type { QdrantClient } from '@qdrant/js-client-rest';
import type { QdrantLink } from '../connection/qdrant-link.ts';

/** A collection that is there, as Qdrant knows it. */
export class Collection {
  constructor(
    /** With the installation's prefix. */
    readonly name: string,
    readonly dims: number,
    private readonly link: QdrantLink,
  ) {}

  run<T>(ask: (client: QdrantClient, name: string) => Promise<T>): Promise<T> {
    return this.link.run((client) => ask(client, this.name));
  }

  takes(vectors: readonly Float32Array[]): boolean {
    return vectors.every(({ length }) => length === this.dims);
  }
}
