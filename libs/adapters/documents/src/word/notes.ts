import type { OfficeParts } from '../office/office-package.ts';
import { attributeValue, descendants, xmlTree } from '../office/xml.ts';

export type NoteKind = 'footnote' | 'endnote';
/** `footnote 2` */
export type NoteName = `${NoteKind} ${string}`;

const kinds: readonly NoteKind[] = ['footnote', 'endnote'];

/** What separates notes from the text is kept among them, and is none. */
const separator = /separator$/i;

/** The notes that a file has: references to others lead nowhere. */
export function notesOf(parts: OfficeParts): Set<NoteName> {
  const names = new Set<NoteName>();
  for (const [name, part] of parts)
    for (const kind of kinds)
      if (name.startsWith(`word/${kind}s`))
        for (const { attributes } of descendants(xmlTree(part), kind))
          if (!separator.test(attributeValue(attributes, 'type') ?? ''))
            names.add(`${kind} ${attributeValue(attributes, 'id') ?? ''}`);
  return names;
}
