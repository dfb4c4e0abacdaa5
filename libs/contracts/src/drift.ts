import { z } from 'zod';

const instant = z.iso.datetime();

/** `query`: vectors of questions. `score`: of the best hit of a search. `document`: vectors of documents, one chunk of each. */
export const driftKind = z.enum(['query', 'score', 'document']);
export type DriftKind = z.infer<typeof driftKind>;

/** What was compared: as many samples, out of all there were in that time. */
const sampleWindow = z.object({ samples: z.int().positive(), from: instant, to: instant });

/** That a window of samples is not distributed as the reference window before it, see `docs/drift.md`: figures, no content. */
export const drift = z.object({
  kind: driftKind,
  /** Fingerprint of the model variant that made the vectors, or was searched by. */
  model: z.string(),
  /** Squared distance between the mean features of both windows; 0 for equal ones. */
  statistic: z.number().nonnegative(),
  /** How likely a distance like this is without drift; at most `threshold`. */
  pValue: z.number(),
  /** The most false alarms there are, as a share of the comparisons without drift. */
  threshold: z.number(),
  reference: sampleWindow,
  window: sampleWindow,
  at: instant,
});
