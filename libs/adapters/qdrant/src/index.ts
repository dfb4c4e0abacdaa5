export { QdrantVectorStore } from './qdrant-vector-store.ts';
export type { QdrantOptions } from './qdrant-options.ts';
