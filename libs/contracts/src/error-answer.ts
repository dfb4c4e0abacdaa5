import { z } from 'zod';
import { errors } from './errors.ts';

/** The body of every error answer, and of the last frame of a stream that failed. */
export const errorAnswer = z.object({
  error: z.object({
    code: z.enum(Object.keys(errors)),
    /** What happened and what to do about it. */
    message: z.string(),
    type: z.enum([...new Set(Object.values(errors).map(({ type }) => type))]),
    /** The field at fault, as a path: `messages.0.content`. */
    param: z.string().nullable(),
    /** Seconds until a retry makes sense. */
    retry_after: z.number().optional(),
    request_id: z.string(),
  }),
});
