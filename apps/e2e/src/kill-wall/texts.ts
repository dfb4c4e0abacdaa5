import { createHash } from 'node:crypto';

/** One made-up word that finds a document's chunks and no other's. */
export const nameOf = (id: string): string =>
  `name${id
    .replace('doc-', '')
    .padStart(5, '0')
    .replace(/\d/g, (digit) => 'qwzxvkjhgf'[Number(digit)]!)}`;

/** Three sections, each a chunk of its own, each with the document's name and the operation's mark. */
export const textFor = (id: string, mark: string): string =>
  [1, 2, 3]
    .map((part) => `# Part ${part}\n\n${nameOf(id)} ${mark} ${sentenceFor(mark, part).repeat(14)}`)
    .join('\n\n');

export const markIn = (text: string): string => /mark\w+x/.exec(text)?.[0] ?? 'none';

const people = 'miller sailor doctor painter soldier lawyer farmer pilot singer judge priest nurse'.split(
  ' ',
);
const things = 'sacks clocks horses lamps swords letters apples engines drums coins shoes maps'.split(' ');
const places = 'river prison harbor desert school bridge hotel forest castle temple airport garden'.split(
  ' ',
);

/** Another in each section and for each mark, so that a vector made of one text is far from that of any other. */
function sentenceFor(mark: string, part: number): string {
  const [who, what, where] = createHash('sha256').update(`${mark} ${part}`).digest();
  return `The ${of(people, who)} counts the ${of(things, what)} by the ${of(places, where)}. `;
}

const of = (words: readonly string[], number = 0): string => words[number % words.length]!;
