import { Module } from '@nestjs/common';
import { ActiveIndexes } from './active-indexes.ts';
import { DocumentIndexer } from './document-indexer.ts';
import { DocumentRemover } from './document-remover.ts';
import { IndexKeeper } from './index-keeper.ts';
import { SecondIndexer } from './second-indexer.ts';
import { VersionWriter } from './version-writer.ts';

@Module({
  providers: [VersionWriter, ActiveIndexes, DocumentIndexer, SecondIndexer, DocumentRemover, IndexKeeper],
})
export class IndexingModule {}
