import { defineSettings, whole } from '@millrace/platform';

export const ingestionSettings = defineSettings('ingestion', {
  chunkTokens: {
    schema: whole(32, 8192).default(256),
    unit: 'tokens',
    reason:
      'The largest chunk, headings included. The default model was trained on 256; documents already indexed keep their chunks.',
  },
  maxChunks: {
    schema: whole(1, 10_000_000).default(20_000),
    reason: 'Chunks one document may have; a longer one is dead-lettered.',
  },
  maxClaimMb: {
    schema: whole(1, 1024).default(64),
    unit: 'MB',
    reason: 'The largest blob that an event may stand for; a larger one is dead-lettered unread.',
  },
  maxUnfinished: {
    schema: whole(0, 100_000_000).default(20_000),
    reason:
      'Documents that one tenant may have on their way, accepted over HTTP but neither searchable nor given up; one more is answered 429 with Retry-After. 0: any number.',
  },
  eagerDocuments: {
    schema: whole(0, 100_000_000).default(500),
    reason:
      'Documents that one tenant may have on its way before its pushes over HTTP are taken one by one, 25 a second by each replica: accepting more than can be read takes the time of what others wait for. While other tenants push, too, so that no more of them are on their way than do not make each other wait, which is found by trying. 0: never.',
  },
  orphanHours: {
    schema: whole(0, 8760).default(24),
    unit: 'h',
    reason:
      'What was stored so long ago for a version that was never registered goes; it is looked for as often. 0: never.',
  },
  relayBatch: {
    schema: whole(1, 10_000).default(256),
    reason: 'Events moved from the registry to the log at a time.',
  },
});
