import { capabilities } from '@millrace/ports';
import { z } from 'zod';

/** The back end that `MILLRACE_LLM_BASE_URL` sets. */
export const firstBackEnd = 'default';

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'a name has lower case letters, digits, "." and "-"')
  .refine((text) => text !== firstBackEnd, `"${firstBackEnd}" is the one of MILLRACE_LLM_BASE_URL`);

const perMillionTokens = z.number().min(0).max(1_000_000);

/** A back end as operators write it down. */
const backEnd = z.strictObject({
  name,
  /** An OpenAI-compatible server, with its /v1. */
  base_url: z.url(),
  api_key: z.string().optional(),
  /** Asked for when a request names none; default: the first that it lists. */
  model: z.string().optional(),
  models: z.array(z.string()).min(1).optional(),
  aliases: z.record(z.string().min(1), z.string().min(1)).optional(),
  weight: z.number().min(0).max(1_000).default(1),
  capabilities: z.array(z.enum(capabilities)).optional(),
  price: z.strictObject({ prompt: perMillionTokens, completion: perMillionTokens }).optional(),
});

/** The list itself, or its JSON. */
export const backEndList = z.preprocess(
  (given, context) => {
    if (typeof given !== 'string') return given;
    try {
      return JSON.parse(given) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'This is no JSON' });
      return z.NEVER;
    }
  },
  z
    .array(backEnd)
    .max(64)
    .refine((list) => new Set(list.map((one) => one.name)).size === list.length, 'two have the same name'),
);
