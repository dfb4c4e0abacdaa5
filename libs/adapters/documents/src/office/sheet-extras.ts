import { drawnLines } from './drawn-lines.ts';
import { unescaped } from './escaped-text.ts';
import type { NumberFormats } from './number-format.ts';
import type { OfficeParts } from './office-package.ts';
import { relationshipsOf, type Relationship } from './relationships.ts';
import { lineOf, paragraphLines } from './rich-text.ts';
import { attributeValue, descendants, textOf, xmlTree, type Element } from './xml.ts';

/** What lies on a sheet beside its cells: text boxes and charts, then comments with the cell they are about. */
export function sheetExtras(parts: OfficeParts, sheet: string, formats: NumberFormats): string[] {
  const related = [...relationshipsOf(parts, sheet).values()];
  const named = (type: string): Relationship[] => related.filter((each) => each.type === type);
  const threads = named('threadedComment').flatMap((each) => commentLines(parts, each));
  return [
    ...named('drawing').flatMap(({ target }) => drawingTexts(parts, target, formats)),
    [...threads, ...named('comments').flatMap((each) => commentLines(parts, each))].join('\n'),
  ];
}

function drawingTexts(parts: OfficeParts, drawing: string, formats: NumberFormats): string[] {
  const tree = xmlTree(parts.get(drawing) ?? '');
  const related = relationshipsOf(parts, drawing);
  return [...descendants(tree, 'txBody', 'chart', 'relIds')].map((each) =>
    each.name === 'txBody'
      ? paragraphLines(each).join('\n')
      : drawnLines(parts, related.get(attributeValue(each.attributes, idOf(each)) ?? ''), formats).join('\n'),
  );
}

const idOf = ({ name }: Element): string => (name === 'chart' ? 'id' : 'dm');

/** What Excel writes into a comment for programs that know no threads; the thread itself is read. */
const standIn = /^\[Threaded comment\]/;

const commentLines = (parts: OfficeParts, { target }: Relationship): string[] =>
  [...descendants(xmlTree(parts.get(target) ?? ''), 'comment', 'threadedComment')].flatMap((comment) => {
    const text = words(comment);
    const cell = comment.attributes['ref'] ?? '';
    return text === '' || standIn.test(text) ? [] : [`Comment on ${cell}: ${text}`];
  });

/** A note has runs inside its text, a thread the text itself. */
const words = (element: Element): string =>
  tidy(unescaped(lineOf(element) || [...descendants(element, 'text')].map(textOf).join('')));

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();
