import { defineSettings, whole } from '@millrace/platform';

export const retrievalSettings = defineSettings('retrieval', {
  rerankMs: {
    schema: whole(1, 60_000).default(150),
    unit: 'ms',
    reason:
      'How long a search waits for the reranker where it is asked to rerank; then its results are in the order of their scores, and it says so.',
  },
});
