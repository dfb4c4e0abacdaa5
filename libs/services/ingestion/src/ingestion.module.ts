import { Module } from '@nestjs/common';
import { BlobKeeper } from './blob-keeper.ts';
import { DocumentEvents } from './document-events.ts';
import { DocumentIntake } from './document-intake.ts';
import { DocumentModeration } from './document-moderation.ts';
import { DocumentReader } from './document-reader.ts';
import { EventContent } from './event-content.ts';
import { IngestionController } from './ingestion.controller.ts';
import { KnownTenants } from './known-tenants.ts';
import { OrphanSweep } from './orphan-sweep.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { Progress } from './progress.ts';
import { SpareFolders } from './spare-folders.ts';
import { TenantBacklog } from './tenant-backlog.ts';

@Module({
  controllers: [IngestionController],
  providers: [
    DocumentIntake,
    DocumentEvents,
    EventContent,
    KnownTenants,
    OutboxRelay,
    DocumentModeration,
    DocumentReader,
    Progress,
    TenantBacklog,
    BlobKeeper,
    SpareFolders,
    OrphanSweep,
  ],
})
export class IngestionModule {}
