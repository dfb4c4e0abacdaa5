import { judgedQuestion, judgements, type JudgedQuestion } from '@millrace/contracts';
import { UsageError } from '../errors.ts';
import { readJsonLines } from './json-lines.ts';

/** Questions with judgements, a JSON object a line. Throws `UsageError` that names the line. */
export async function readJudgements(path: string): Promise<JudgedQuestion[]> {
  const questions: JudgedQuestion[] = [];
  for await (const { number, value } of readJsonLines(path)) {
    const parsed = judgedQuestion.safeParse(value);
    if (!parsed.success)
      throw new UsageError(
        `${path}, line ${number} is none of {"query": "...", "relevant": ["ID"], "tenant": "default"}.`,
      );
    questions.push(parsed.data);
  }
  if (!judgements.safeParse(questions).success)
    throw new UsageError(`${path} has ${questions.length} questions; 1 to 1,000 can be compared by.`);
  return questions;
}
