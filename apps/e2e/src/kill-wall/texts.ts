/** One made-up word that finds a document's chunks and no other's. */
export const nameOf = (id: string): string =>
  `name${id
    .replace('doc-', '')
    .padStart(5, '0')
    .replace(/\d/g, (digit) => 'qwzxvkjhgf'[Number(digit)]!)}`;

/** Three sections, each a chunk of its own, each with the document's name and the operation's mark. */
export const textFor = (id: string, mark: string): string =>
  [1, 2, 3]
    .map(
      (part) =>
        `# Part ${part}\n\n${nameOf(id)} ${mark} ${'The miller counts sacks of barley by the weir. '.repeat(14)}`,
    )
    .join('\n\n');

export const markIn = (text: string): string => /mark\w+x/.exec(text)?.[0] ?? 'none';
