import { z } from 'zod';
import type { searchMode } from './fusion.ts';

export const feedbackOptions = z.strictObject({
  /** So many of the best results of a first search are taken to be what was meant. */
  results: z.int().min(1).max(10).default(3),
  /** How far the question's vector moves towards the mean of theirs: 0 stays, 1 goes all the way. */
  weight: z.number().min(0).max(1).default(0.3),
});
export type FeedbackOptions = z.infer<typeof feedbackOptions>;

/** Searches twice, the second time for what was found first as well: pseudo-relevance feedback. */
export const feedback = z.union([z.boolean(), feedbackOptions]);

/** Nothing that is asked for is passed over in silence. */
export const feedbackIsOfUse = ({
  mode = 'hybrid',
  feedback: asked = false,
}: {
  mode?: z.infer<typeof searchMode> | undefined;
  feedback?: z.infer<typeof feedback> | undefined;
}): boolean => asked === false || mode !== 'sparse';
export const feedbackOfNoUse = {
  path: ['feedback'],
  error: 'feedback moves the question’s vector: it is of use in modes hybrid and dense only',
};
