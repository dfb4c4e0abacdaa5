import { firstOf, xmlTree } from '../office/xml.ts';
import { equationText } from '../office/equations.ts';
import { markOfControl, stateOfField } from './form-fields.ts';
import { emptyMergedCells } from './merged-cells.ts';
import { flattenNestedTables } from './nested-tables.ts';
import type { WordList } from './lists.ts';
import type { NoteKind, NoteName } from './notes.ts';
import { ParagraphNumbers } from './paragraph-numbers.ts';
import type { ParagraphStyles } from './paragraph-styles.ts';
import {
  appendTo,
  attributeOf,
  childElements,
  escaped,
  hasWords,
  insertBefore,
  isOn,
  localName,
  parsedPart,
  plainText,
  removeNode,
  replaceBy,
  textOf,
  within,
  WordMaker,
  written,
  type WordDocument,
  type WordElement,
} from './word-part.ts';

/** What the parts of a file say about each other. */
export interface Surroundings {
  /** Styles whose text is hidden. */
  readonly hiddenStyles: ReadonlySet<string>;
  /** Where styles put their text, such as `superscript`. */
  readonly scriptStyles: ReadonlyMap<string, string>;
  /** The lines of the chart or diagram that a relationship of this part names. */
  readonly drawnLines: (relationshipId: string) => readonly string[];
  /** Whether a relationship of this part leads to anything. */
  readonly leads: (relationshipId: string) => boolean;
  readonly notes: ReadonlySet<NoteName>;
  readonly lists: ReadonlyMap<string, WordList>;
  readonly paragraphStyles: ParagraphStyles;
}

/**
 * Writes a part in the words that Mammoth knows. It passes over simple fields, equations, the newer form of text boxes,
 * charts, ruby and what is chosen in forms in silence, shows hidden text, has numbers of its own for lists, and fails at
 * a reference to what is not there.
 * Where links lead is no part of the text: they go, so that none can lead nowhere.
 */
export function rewrittenPart(part: Uint8Array, surroundings: Surroundings): Uint8Array {
  const tree = parsedPart(part);
  new Rewriter(new WordMaker(tree), surroundings).visitChildren(tree);
  return new TextEncoder().encode(written(tree));
}

/** A field that is open. */
interface Field {
  /** What it shows besides its text. */
  readonly state?: string | undefined;
  hasText: boolean;
}

class Rewriter {
  private tableDepth = 0;
  private readonly fields: Field[] = [];
  private readonly numbers: ParagraphNumbers;

  constructor(
    private readonly make: WordMaker,
    private readonly surroundings: Surroundings,
  ) {
    this.numbers = new ParagraphNumbers(surroundings.lists, surroundings.paragraphStyles, make);
  }

  visitChildren(element: WordElement | WordDocument): void {
    for (const child of childElements(element)) this.visit(child);
  }

  private visit(element: WordElement): void {
    const rule = this.rules[localName(element)];
    if (rule) rule(element);
    else this.visitChildren(element);
  }

  private readonly rules: Readonly<Record<string, (element: WordElement) => void>> = {
    AlternateContent: (each) => this.unwrap(each, readableAlternative(each)),
    fldSimple: (field) => this.unwrap(field, field),
    bdo: (direction) => this.unwrap(direction, direction),
    dir: (direction) => this.unwrap(direction, direction),
    hyperlink: (link) => this.unwrap(link, link),
    hlinkClick: (link) => removeNode(link),
    ruby: (ruby) => this.unwrap(ruby, childElements(ruby, 'rubyBase')[0]),
    oMath: (equation) => replaceBy(equation, this.make.run(` ${linear(equation)} `)),
    oMathPara: (equations) =>
      replaceBy(
        equations,
        within(equations, 'oMath').flatMap((each) => this.make.run(` ${linear(each)} `)),
      ),
    cr: (lineBreak) => replaceBy(lineBreak, this.make.empty('br')),
    ptab: (tab) => replaceBy(tab, this.make.empty('tab')),
    p: (paragraph) => this.paragraph(paragraph),
    r: (run) => this.run(run),
    t: (text) => this.text(text),
    fldChar: (mark) => this.fieldMark(mark),
    sdt: (control) => this.control(control),
    tr: (row) => this.row(row),
    footnoteReference: (reference) => this.note(reference, 'footnote'),
    endnoteReference: (reference) => this.note(reference, 'endnote'),
    blip: (picture) => this.picture(picture, 'embed'),
    imagedata: (picture) => this.picture(picture, 'id'),
    drawing: (drawing) => this.drawing(drawing),
    tbl: (table) => this.table(table),
  };

  /** Puts what a wrapper holds in its place. */
  private unwrap(wrapper: WordElement, content: WordElement | undefined): void {
    if (content) this.visitChildren(content);
    replaceBy(wrapper, content?.children ?? []);
  }

  /** Counted before the paragraphs of text boxes in it. */
  private paragraph(paragraph: WordElement): void {
    const show = this.numbers.next(paragraph);
    this.visitChildren(paragraph);
    show(hasWords(paragraph) || this.tableDepth > 0);
  }

  private run(run: WordElement): void {
    if (!this.isHidden(run)) {
      this.sayScript(run);
      return this.visitChildren(run);
    }
    // What begins or ends a field stays: the field may go on in runs that are shown.
    for (const child of childElements(run)) {
      if (localName(child) === 'fldChar') this.fieldMark(child, { isHidden: true });
      else if (localName(child) !== 'instrText') removeNode(child);
    }
  }

  private text(text: WordElement): void {
    const field = this.fields.at(-1);
    if (field && textOf(text).trim() !== '') field.hasText = true;
  }

  /** Writes what is chosen in a form field before its end. */
  private fieldMark(mark: WordElement, { isHidden = false } = {}): void {
    const type = attributeOf(mark, 'fldCharType');
    if (type === 'begin') this.fields.push({ state: isHidden ? '' : stateOfField(mark), hasText: false });
    if (type !== 'end') return;
    const field = this.fields.pop();
    if (field?.state && !field.hasText) insertBefore(mark, this.make.text(field.state));
  }

  /** A check box becomes its mark, in place of the character that shows it. */
  private control(control: WordElement): void {
    const mark = markOfControl(control);
    const [content] = childElements(control, 'sdtContent');
    if (mark === undefined || !content) return this.visitChildren(control);
    const [shown] = [...within(content, 't'), ...within(content, 'sym')];
    if (shown) replaceBy(shown, this.make.text(mark));
    this.unwrap(control, content);
  }

  private isHidden(run: WordElement): boolean {
    const [properties] = childElements(run, 'rPr');
    return isOn(properties, 'vanish') ?? this.surroundings.hiddenStyles.has(styleOf(properties));
  }

  /** What is raised by its style alone is raised by itself too. */
  private sayScript(run: WordElement): void {
    const [properties] = childElements(run, 'rPr');
    const script = this.surroundings.scriptStyles.get(styleOf(properties));
    if (!properties || !script || childElements(properties, 'vertAlign').length > 0) return;
    for (const align of this.make.empty('vertAlign', script)) appendTo(properties, align);
  }

  /** Pictures stay, as Mammoth knows them; text boxes, charts and diagrams become older text boxes. */
  private drawing(drawing: WordElement): void {
    this.visitChildren(drawing);
    const boxes = within(drawing, 'txbxContent').flatMap(({ children }) => children);
    const named = [...within(drawing, 'chart'), ...within(drawing, 'relIds')];
    const drawn = named
      .map((each) => attributeOf(each, localName(each) === 'chart' ? 'id' : 'dm') ?? '')
      .map((id) => this.surroundings.drawnLines(id))
      .flatMap((lines) => this.make.paragraph(...lines.map(escaped)));
    if (boxes.length + drawn.length > 0) replaceBy(drawing, this.make.textBox([...boxes, ...drawn]));
  }

  private note(reference: WordElement, kind: NoteKind): void {
    if (!this.surroundings.notes.has(`${kind} ${attributeOf(reference, 'id') ?? ''}`)) removeNode(reference);
  }

  private picture(picture: WordElement, reference: string): void {
    if (!this.surroundings.leads(attributeOf(picture, reference) ?? '')) removeNode(picture);
  }

  private row(row: WordElement): void {
    if (isOn(childElements(row, 'trPr')[0], 'hidden')) return removeNode(row);
    this.visitChildren(row);
    emptyMergedCells(row);
  }

  private table(table: WordElement): void {
    this.tableDepth += 1;
    this.visitChildren(table);
    this.tableDepth -= 1;
    if (this.tableDepth === 0) flattenNestedTables(table, this.make);
  }
}

/** The character style of a run; '' where it has none. */
function styleOf(properties: WordElement | undefined): string {
  const [style] = properties ? childElements(properties, 'rStyle') : [];
  return (style && attributeOf(style, 'val')) ?? '';
}

/** The form for old programs, which Mammoth reads; the new one where the old one has no words of it. */
function readableAlternative(alternatives: WordElement): WordElement | undefined {
  const [choice] = childElements(alternatives, 'Choice');
  const [fallback] = childElements(alternatives, 'Fallback');
  if (!choice || !fallback) return fallback ?? choice;
  return plainText(fallback) === '' && says(choice) ? choice : fallback;
}

const says = (choice: WordElement): boolean =>
  plainText(choice) !== '' || within(choice, 'chart').length > 0 || within(choice, 'relIds').length > 0;

function linear(equation: WordElement): string {
  const tree = firstOf(xmlTree(written(equation)), 'oMath');
  return tree ? escaped(equationText(tree)) : '';
}
