import { readJsonLines } from '../shared-data.ts';
import { readXquad } from '../xquad.ts';

export const harmlessFiles = {
  emails: 'moderation/bipia-train/email_train.jsonl',
  tables: 'moderation/bipia-train/table_train.jsonl',
  queries: 'retrieval/cranfield/queries.jsonl',
};

/** Texts of other kinds than the classifier was trained on, and rules were written for. */
export async function harmlessTexts(): Promise<Record<string, readonly string[]>> {
  const { questions, paragraphs } = await readXquad();
  const ofLines = async (file: string, field: 'context' | 'text') =>
    (await readJsonLines<Record<string, string>>(file)).map((line) => line[field]!);
  return {
    'questions about Wikipedia': questions.map(({ text }) => text),
    'paragraphs of Wikipedia': paragraphs.map(({ text }) => text),
    'questions about aerodynamics': await ofLines(harmlessFiles.queries, 'text'),
    'e-mails': await ofLines(harmlessFiles.emails, 'context'),
    tables: await ofLines(harmlessFiles.tables, 'context'),
  };
}
