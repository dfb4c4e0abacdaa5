import { Module } from '@nestjs/common';
import { DriftModule } from '@millrace/platform';
import { ModelComparison } from './model-comparison.ts';
import { RecentQuestions } from './recent-questions.ts';
import { RerankController } from './rerank.controller.ts';
import { Reranking } from './reranking.ts';
import { RetrievalController } from './retrieval.controller.ts';
import { Searcher } from './searcher.ts';

@Module({
  imports: [DriftModule],
  controllers: [RerankController, RetrievalController],
  providers: [Reranking, Searcher, RecentQuestions, ModelComparison],
})
export class RetrievalModule {}
