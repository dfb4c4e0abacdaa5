import { Module } from '@nestjs/common';
import { RetrievalController } from './retrieval.controller.ts';
import { Searcher } from './searcher.ts';

@Module({ controllers: [RetrievalController], providers: [Searcher] })
export class RetrievalModule {}
