import { citation, groundedness, unanswered } from '@millrace/contracts';
import { z } from 'zod';
import type { ToldPart, ToldStart } from '../answers/told-part.ts';

/** What is kept of an answer: what left of it, and how it ended. */
const keptAnswer = z.object({
  model: z.string(),
  backend: z.string(),
  unanswered: unanswered.optional(),
  texts: z.array(z.object({ channel: z.enum(['content', 'reasoning', 'refusal']), text: z.string() })).min(1),
  end: z.looseObject({
    reason: z.literal('stop'),
    usage: z.object({
      promptTokens: z.number(),
      completionTokens: z.number(),
      reasoningTokens: z.number().optional(),
      estimated: z.boolean(),
    }),
    citations: z.array(citation),
    groundedness: groundedness.optional(),
    findings: z.array(z.object({ category: z.string(), action: z.enum(['flag', 'redact', 'block']) })),
  }),
});
type KeptAnswer = z.input<typeof keptAnswer>;

/** Undefined for one that is not to be told again: it was cut off, calls a tool, or says nothing. */
export function bytesOf(told: readonly ToldPart[]): Uint8Array | undefined {
  let start: Omit<ToldStart, 'type'> | undefined;
  const texts: { channel: string; text: string }[] = [];
  for (const part of told)
    if (part.type === 'start') start = untyped(part);
    else if (part.type === 'text') append(texts, part);
    else if (part.type === 'tool') return undefined;
    else if (part.reason === 'stop' && start && texts.length > 0)
      return new TextEncoder().encode(JSON.stringify({ ...start, texts, end: untyped(part) }));
  return undefined;
}

const untyped = <P extends ToldPart>({ type: _, ...rest }: P): Omit<P, 'type'> => rest;

/** What follows one another in a channel is one text. */
function append(
  texts: { channel: string; text: string }[],
  { channel, text }: { channel: string; text: string },
): void {
  const last = texts.at(-1);
  if (last?.channel === channel) last.text += text;
  else texts.push({ channel, text });
}

/** Undefined where they are not such an answer's. */
export function answerIn(bytes: Uint8Array): ToldPart[] | undefined {
  const read = keptAnswer.safeParse(parsed(bytes));
  return read.success ? partsOf(read.data) : undefined;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

const partsOf = ({ texts, end, ...start }: KeptAnswer): ToldPart[] => [
  { type: 'start', ...start },
  ...texts.map((text) => ({ type: 'text' as const, ...text })),
  { type: 'end', ...end },
];
