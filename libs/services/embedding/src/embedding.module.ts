import { Module } from '@nestjs/common';
import { DriftModule } from '@millrace/platform';
import { CachedEmbedder } from './cached-embedder.ts';
import { ChunkEmbedder } from './chunk-embedder.ts';
import { EmbedderMetrics } from './embedder-metrics.ts';
import { EmbeddingsController } from './embeddings.controller.ts';
import { PassageEmbedder } from './passage-embedder.ts';
import { QueryLane } from './query-lane.ts';
import { QuestionsUnderWay } from './questions-under-way.ts';
import { SecondEmbedder } from './second-embedder.ts';
import { ServingModel } from './serving-model.ts';
import { TextEmbedder } from './text-embedder.ts';

@Module({
  imports: [DriftModule],
  controllers: [EmbeddingsController],
  providers: [
    ServingModel,
    QuestionsUnderWay,
    QueryLane,
    CachedEmbedder,
    PassageEmbedder,
    ChunkEmbedder,
    SecondEmbedder,
    EmbedderMetrics,
    TextEmbedder,
  ],
})
export class EmbeddingModule {}
