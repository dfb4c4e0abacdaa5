import type { OfficeParts } from '../office/office-package.ts';
import { relationshipsOf } from '../office/relationships.ts';
import { attributeValue, descendants, relationshipId, textOf, xmlTree, type Element } from '../office/xml.ts';

/** What stands at the top and at the bottom of the pages of a Word file, each different text once. */
export interface PageFurniture {
  readonly headers: string;
  readonly footers: string;
}

export function pageFurniture(parts: OfficeParts, document: string): PageFurniture {
  const tree = xmlTree(parts.get(document) ?? '');
  const related = relationshipsOf(parts, document);
  const textsOf = (reference: string): string => {
    const targets = [...descendants(tree, reference)].map((each) => related.get(relationshipId(each) ?? ''));
    const lines = [...new Set(targets)].flatMap((each) => linesOf(parts.get(each?.target ?? '')));
    return [...new Set(lines)].join('\n');
  };
  return { headers: textsOf('headerReference'), footers: textsOf('footerReference') };
}

const linesOf = (part: Uint8Array | undefined): string[] =>
  [...descendants(xmlTree(part ?? ''), 'p')].map(line).filter((text) => text !== '');

const pageNumber = /^\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b/;
/** `Page of`, `Seite von`, `- -`: what is left of a page number says nothing. */
const mostWordsAroundNumber = 2;

/** The text of a paragraph without the page's number. */
function line(paragraph: Element): string {
  const { text, hasPageNumber } = new LineReader().read(paragraph);
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return hasPageNumber && words.length <= mostWordsAroundNumber ? '' : text;
}

/** Reads one paragraph; text inside a field that counts pages is passed over. */
class LineReader {
  private text = '';
  private hasPageNumber = false;
  /** The instructions of the fields that are open. */
  private readonly fields: string[] = [];

  read(paragraph: Element): { text: string; hasPageNumber: boolean } {
    for (const each of descendants(paragraph, 't', 'tab', 'br', 'fldChar', 'instrText', 'fldSimple'))
      this.take(each);
    return { text: this.text.replace(/\s+/g, ' ').trim(), hasPageNumber: this.hasPageNumber };
  }

  private take(element: Element): void {
    if (element.name === 'fldChar') this.fieldMark(attributeValue(element.attributes, 'fldCharType'));
    else if (element.name === 'instrText') this.instruction(textOf(element));
    else if (element.name === 'fldSimple') this.simpleField(element);
    else if (!this.fields.some((field) => pageNumber.test(field)))
      this.text += element.name === 't' ? textOf(element) : ' ';
  }

  private fieldMark(type: string | undefined): void {
    if (type === 'begin') this.fields.push('');
    if (type === 'end') this.fields.pop();
  }

  private instruction(text: string): void {
    const field = (this.fields.pop() ?? '') + text;
    this.fields.push(field);
    this.hasPageNumber ||= pageNumber.test(field);
  }

  private simpleField(field: Element): void {
    if (pageNumber.test(attributeValue(field.attributes, 'instr') ?? '')) this.hasPageNumber = true;
    else this.text += [...descendants(field, 't')].map(textOf).join('');
  }
}
