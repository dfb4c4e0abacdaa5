import { Module } from '@nestjs/common';
import { BlobKeeper } from './blob-keeper.ts';
import { DocumentIntake } from './document-intake.ts';
import { DocumentReader } from './document-reader.ts';
import { IngestionController } from './ingestion.controller.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { Progress } from './progress.ts';

@Module({
  controllers: [IngestionController],
  providers: [DocumentIntake, OutboxRelay, DocumentReader, Progress, BlobKeeper],
})
export class IngestionModule {}
