import { readFile } from 'node:fs/promises';
import { sharedData } from './shared-data.ts';

/** XQuAD in English: questions about paragraphs of Wikipedia, each with its answer. */
export const xquadFile = 'qa/xquad.en.json';

export interface Question {
  readonly text: string;
  readonly article: number;
  readonly paragraph: string;
  readonly answers: readonly string[];
}

interface Xquad {
  readonly data: readonly {
    readonly paragraphs: readonly {
      readonly context: string;
      readonly qas: readonly {
        readonly question: string;
        readonly answers: readonly { readonly text: string }[];
      }[];
    }[];
  }[];
}

export async function readXquad() {
  const { data } = JSON.parse(await readFile(sharedData(xquadFile), 'utf8')) as Xquad;
  const paragraphs = data
    .flatMap((article, number) => article.paragraphs.map((paragraph) => ({ ...paragraph, article: number })))
    .map((paragraph, i) => ({ ...paragraph, id: `paragraph-${i}`, text: paragraph.context }));
  const questions = paragraphs.flatMap(({ id, article, qas }) =>
    qas.map(({ question, answers }): Question => ({
      text: question,
      article,
      paragraph: id,
      answers: answers.map(({ text }) => text),
    })),
  );
  return { paragraphs, questions };
}

/** Whether an answer holds one of the gold answers. */
export function holdsAnswer(content: string, { answers }: Question): boolean {
  const said = normalised(content);
  return answers.some((answer) => said.includes(normalised(answer)));
}

/** SQuAD's way: case, articles and punctuation do not count; neither do citation marks. */
const normalised = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replaceAll(/\[\d+\]/g, ' ')
    .replaceAll(/[^\p{L}\p{N}\s]/gu, '')
    .replaceAll(/\b(?:a|an|the)\b/g, ' ')
    .split(/\s+/)
    .filter(Boolean)
    .join(' ')} `;
