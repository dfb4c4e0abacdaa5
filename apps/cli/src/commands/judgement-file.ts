import { readFile } from 'node:fs/promises';
import { judgedQuestion, judgements, type JudgedQuestion } from '@millrace/contracts';
import { UsageError } from '../errors.ts';

/** Questions with judgements, a JSON object a line. Throws `UsageError` that names the line. */
export async function readJudgements(path: string): Promise<JudgedQuestion[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  });
  const questions = text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    const parsed = judgedQuestion.safeParse(jsonOf(line));
    if (!parsed.success)
      throw new UsageError(
        `${path}, line ${at + 1} is none of {"query": "...", "relevant": ["ID"], "tenant": "default"}.`,
      );
    return [parsed.data];
  });
  if (!judgements.safeParse(questions).success)
    throw new UsageError(`${path} has ${questions.length} questions; 1 to 1,000 can be compared by.`);
  return questions;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
