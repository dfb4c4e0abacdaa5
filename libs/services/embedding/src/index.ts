export { EmbeddingModule } from './embedding.module.ts';
export { embeddingSettings } from './embedding-settings.ts';
