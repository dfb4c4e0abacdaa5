import { z } from 'zod';

/** By meaning and words, by meaning alone, or by words alone. */
export const searchMode = z.enum(['hybrid', 'dense', 'sparse']);

/** How hybrid results are fused: Qdrant's distribution-based score fusion, or reciprocal ranks. */
export const fusionMethod = z.enum(['dbsf', 'rrf']);
export type FusionMethod = z.infer<typeof fusionMethod>;

const weight = z.number().min(0).max(100).default(1);

/** How much each side counts in a hybrid search: `w * normalised` in DBSF, `1 / (rank / w + 1)` in RRF, the best being 1. */
export const fusionWeights = z
  .strictObject({ dense: weight, sparse: weight })
  .refine(({ dense, sparse }) => dense + sparse > 0, 'one of dense and sparse must be above 0');
export type FusionWeights = z.infer<typeof fusionWeights>;

/** Nothing that is asked for is passed over in silence. */
export const weightsAreOfUse = ({
  mode = 'hybrid',
  weights,
}: {
  mode?: z.infer<typeof searchMode> | undefined;
  weights?: FusionWeights | undefined;
}): boolean => weights === undefined || mode === 'hybrid';
export const weightsOfNoUse = { path: ['weights'], error: 'weights are of use in mode hybrid only' };
