import { defineSettings, whole } from '@millrace/platform';

export const embeddingSettings = defineSettings('embedding', {
  batchChunks: {
    schema: whole(1, 4096).default(64),
    reason:
      'Chunks of one document handed to the model at a time; small batches let other documents in between.',
  },
  secondModelPercent: {
    schema: whole(1, 100).default(50),
    unit: '%',
    reason:
      'Share of the time in which a process makes vectors of a model that is to serve next, or served before; it rests for the others, and lets questions pass besides.',
  },
  cacheHours: {
    schema: whole(0, 8760).default(24),
    unit: 'h',
    reason:
      'How long a text’s vector is kept for the next document or question with the same text; 0: not at all.',
  },
});
