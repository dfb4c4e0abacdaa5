import type { ServiceName } from '@millrace/contracts';
import {
  BACK_ENDS,
  BLOB_STORE,
  CACHE,
  CLOCK,
  DOCUMENT_PARSER,
  EMBEDDERS,
  QUOTA_LEDGER,
  REGISTRY,
  RERANKER,
  TEXT_CLASSIFIER,
  TRANSCRIBER,
  VECTOR_STORE,
} from '@millrace/ports';
import type { SettingsGroup } from '@millrace/platform';
import { ControlModule, controlSettings } from '@millrace/services/control';
import { EmbeddingModule, embeddingSettings } from '@millrace/services/embedding';
import { GenerationModule, generationSettings } from '@millrace/services/generation';
import { IndexingModule } from '@millrace/services/indexing';
import { IngestionModule, ingestionSettings } from '@millrace/services/ingestion';
import { ModerationModule, moderationSettings } from '@millrace/services/moderation';
import { RetrievalModule, retrievalSettings } from '@millrace/services/retrieval';
import { TranscriptionModule } from '@millrace/services/transcription';

export interface ServiceEntry {
  readonly module: new () => object;
  /** Ports beside the transports (event log, work queue, request/reply), which every service has. */
  readonly needs: readonly symbol[];
  readonly settings: readonly SettingsGroup[];
}

/** Which service is made of what. A new service is one line here and one folder in `libs/services` and `apps`. */
export const serviceTable: Readonly<Record<ServiceName, ServiceEntry>> = {
  ingestion: {
    module: IngestionModule,
    needs: [REGISTRY, BLOB_STORE, DOCUMENT_PARSER, CACHE, CLOCK],
    settings: [ingestionSettings],
  },
  embedding: {
    module: EmbeddingModule,
    needs: [EMBEDDERS, BLOB_STORE, CACHE],
    settings: [embeddingSettings],
  },
  indexing: { module: IndexingModule, needs: [VECTOR_STORE, BLOB_STORE], settings: [] },
  retrieval: { module: RetrievalModule, needs: [VECTOR_STORE, RERANKER], settings: [retrievalSettings] },
  generation: {
    module: GenerationModule,
    needs: [BACK_ENDS, QUOTA_LEDGER, CACHE],
    settings: [generationSettings],
  },
  moderation: { module: ModerationModule, needs: [TEXT_CLASSIFIER], settings: [moderationSettings] },
  transcription: { module: TranscriptionModule, needs: [TRANSCRIBER], settings: [] },
  control: { module: ControlModule, needs: [REGISTRY, BLOB_STORE, CLOCK], settings: [controlSettings] },
};
