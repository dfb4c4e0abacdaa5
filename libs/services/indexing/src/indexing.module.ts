import { Module } from '@nestjs/common';
import { DocumentIndexer } from './document-indexer.ts';
import { DocumentRemover } from './document-remover.ts';

@Module({ providers: [DocumentIndexer, DocumentRemover] })
export class IndexingModule {}
