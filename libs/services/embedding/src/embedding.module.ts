import { Module } from '@nestjs/common';
import { CachedEmbedder } from './cached-embedder.ts';
import { ChunkEmbedder } from './chunk-embedder.ts';
import { EmbedderMetrics } from './embedder-metrics.ts';
import { EmbeddingsController } from './embeddings.controller.ts';
import { TextEmbedder } from './text-embedder.ts';

@Module({
  controllers: [EmbeddingsController],
  providers: [CachedEmbedder, ChunkEmbedder, EmbedderMetrics, TextEmbedder],
})
export class EmbeddingModule {}
