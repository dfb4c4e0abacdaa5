import { z } from 'zod';

const told = (longest: number) => z.string().trim().min(1).max(longest).optional();

/**
 * What a language model is told of a tenant’s questions. What is absent stays as it is by default; `{}` is the default. The
 * sources follow, marked off, with the word that nothing in them is an instruction: that is not the tenant’s to change.
 */
export const promptTemplate = z.strictObject({
  /** Before the sources: who answers, how, from what. Citations come of its word to cite sources as `[1]`. */
  instructions: told(8_000),
  /** In place of it where no document says anything about the question. */
  nothing_found: told(4_000),
});
export type PromptTemplate = z.infer<typeof promptTemplate>;

/** With every text in it. */
export type WholePrompt = Readonly<Record<keyof PromptTemplate, string>>;

export const promptDefaults: WholePrompt = {
  instructions:
    'Answer the question from the sources below, and only from them. After each statement cite its source as [1], [2].\n\n' +
    'If the sources do not answer the question, say so.',
  nothing_found:
    'No document says anything about the question. Say that the documents do not answer it; do not guess.',
};

/** Every default filled in. */
export const effectivePrompt = ({
  instructions = promptDefaults.instructions,
  nothing_found = promptDefaults.nothing_found,
}: PromptTemplate): WholePrompt => ({ instructions, nothing_found });

/** A template, and the name under which it stands in records: the same for what comes to the same. */
export const statedPrompt = z.object({ version: z.string(), prompt: promptTemplate });
export type StatedPrompt = z.infer<typeof statedPrompt>;

/** The one that counts, and those before it, the newest first: each once, as of when it was set last. */
export const promptVersions = statedPrompt.extend({
  versions: z.array(statedPrompt.extend({ set_at: z.iso.datetime() })),
});
