import { defineSettings, whole } from '@millrace/platform';

export const controlSettings = defineSettings('control', {
  maxWaiters: {
    schema: whole(1, 100_000).default(512),
    reason: 'Requests that may wait for a document’s state at a time; one more is answered 429.',
  },
  reconcileSeconds: {
    schema: whole(1, 3600).default(15),
    unit: 's',
    reason: 'How often documents that stand still are looked for.',
  },
  modelRollbackHours: {
    schema: whole(1, 8760).default(24),
    unit: 'h',
    reason:
      'How long the embedding model that served before is kept up to date, to switch back to; then its index goes.',
  },
  modelSwitchSeconds: {
    schema: whole(1, 300).default(10),
    unit: 's',
    reason:
      'How long a switch to another embedding model, or back, waits for its index to have all that is indexed, before it is answered 409.',
  },
  stallSeconds: {
    schema: whole(1, 86_400).default(60),
    unit: 's',
    reason:
      'A document that has not moved for this long, and longer than anything still waits in a queue, is sent on again.',
  },
  maxResends: {
    schema: whole(1, 1000).default(20),
    reason:
      'Times a document is sent on again without moving, ever later and at last once an hour, before it is dead-lettered as stalled.',
  },
});
