import type { Extract, ReaderContext, Source } from '../extract.ts';
import { drawnLines } from '../office/drawn-lines.ts';
import { loadNumberFormats, type NumberFormats } from '../office/number-format.ts';
import { openOfficePackage, type OfficeParts } from '../office/office-package.ts';
import { paragraphLines } from '../office/rich-text.ts';
import { coreTitle, relationshipsOf, type Relationship } from '../office/relationships.ts';
import {
  attributeValue,
  descendants,
  firstOf,
  relationshipId,
  textOf,
  xmlTree,
  type Element,
} from '../office/xml.ts';
import { TextBuilder } from '../text-builder.ts';

const presentation = 'ppt/presentation.xml';

/** PowerPoint: visible slides as pages, each under its title, with tables, charts, diagrams and speaker notes. */
export async function readPptx({ bytes }: Source, { limits }: ReaderContext): Promise<Extract> {
  const parts = openOfficePackage(bytes, limits);
  const builder = new TextBuilder(limits.maxTextChars);
  const reader = new SlideReader(builder, parts, await loadNumberFormats());
  for (const [index, name] of slideNames(parts).entries()) reader.read(name, index + 1);
  return builder.build(coreTitle(parts));
}

function slideNames(parts: OfficeParts): string[] {
  const xml = parts.get(presentation);
  const related = relationshipsOf(parts, presentation);
  const ids = xml ? [...descendants(xmlTree(xml), 'sldId')].map(relationshipId) : [];
  return ids.map((id) => related.get(id ?? '')?.target ?? '').filter((name) => parts.has(name));
}

class SlideReader {
  private readonly footers = new Set<string>();

  constructor(
    private readonly builder: TextBuilder,
    private readonly parts: OfficeParts,
    private readonly formats: NumberFormats,
  ) {}

  /** Pages are counted as PowerPoint counts its slides: with the hidden ones. */
  read(name: string, page: number): void {
    const slide = xmlTree(this.parts.get(name) ?? '');
    if (/^(?:0|false)$/.test(firstOf(slide, 'sld')?.attributes['show'] ?? '')) return;
    const related = relationshipsOf(this.parts, name);
    const shapes = [...descendants(slide, 'sp', 'graphicFrame')];
    const title = shapes.find(isTitle);
    if (title) this.builder.heading(1, paragraphLines(title).join(' '), page);
    for (const shape of shapes) if (shape !== title) this.shape(shape, page, related);
    const notes = [...related.values()].find(({ type }) => type === 'notesSlide');
    const notesXml = notes && this.parts.get(notes.target);
    if (notesXml) addNotes(this.builder, xmlTree(notesXml), page);
    for (const { type, target } of related.values())
      if (type === 'comments')
        this.builder.add('list', commentLines(this.parts.get(target)).join('\n'), { page });
  }

  private shape(shape: Element, page: number, related: ReadonlyMap<string, Relationship>): void {
    if (isFurniture(shape) || firstOf(shape, 'cNvPr')?.attributes['hidden'] === '1') return;
    const table = firstOf(shape, 'tbl');
    if (table) return addTable(this.builder, table, page);
    const drawn = drawingIds(shape).map((id) => drawnLines(this.parts, related.get(id), this.formats));
    for (const lines of drawn) this.builder.add('table', lines.join('\n'), { page });
    const lines = paragraphLines(shape);
    if (isFooter(shape) && !this.isNewFooter(lines.join('\n'))) return;
    this.builder.add(lines.length > 1 ? 'list' : 'paragraph', lines.join('\n'), { page });
  }

  /** A footer stands on every slide and is said on the first. */
  private isNewFooter(text: string): boolean {
    const isNew = !this.footers.has(text);
    this.footers.add(text);
    return isNew;
  }
}

/** The older form has the text itself, the newer one paragraphs. */
const commentLines = (comments: Uint8Array | undefined): string[] =>
  [...descendants(xmlTree(comments ?? ''), 'text', 'txBody')]
    .map((each) => (each.name === 'text' ? textOf(each) : paragraphLines(each).join(' ')).trim())
    .flatMap((text) => (text === '' ? [] : [`Comment: ${text}`]));

/** The relationships of charts and diagrams in a frame. */
const drawingIds = (shape: Element): string[] =>
  [...descendants(shape, 'chart', 'relIds')].map(
    ({ name, attributes }) => attributeValue(attributes, name === 'chart' ? 'id' : 'dm') ?? '',
  );

const placeholder = (shape: Element): string | undefined => firstOf(shape, 'ph')?.attributes['type'];

const isTitle = (shape: Element): boolean => /^(?:title|ctrTitle)$/.test(placeholder(shape) ?? '');

/** Slide numbers and dates say nothing. */
const isFurniture = (shape: Element): boolean => /^(?:sldNum|dt|sldImg)$/.test(placeholder(shape) ?? '');

const isFooter = (shape: Element): boolean => /^(?:ftr|hdr)$/.test(placeholder(shape) ?? '');

/** A value merged down over several rows is repeated in each. */
function addTable(builder: TextBuilder, table: Element, page: number): void {
  let above: string[] = [];
  const rows = [...descendants(table, 'tr')].map((row) => {
    above = [...descendants(row, 'tc')].map((cell, at) =>
      isMergedUp(cell) ? repeated(above[at]) : paragraphLines(cell).join(' '),
    );
    return above.join(' | ');
  });
  builder.add('table', rows.join('\n'), { page, label: rows.length > 1 ? rows[0] : undefined });
}

const isMergedUp = ({ attributes }: Element): boolean => /^(?:1|true)$/.test(attributes['vMerge'] ?? '');

/** What is long is said once. In characters. */
const repeated = (text = ''): string => (text.length > 100 ? '' : text);

function addNotes(builder: TextBuilder, notes: Element, page: number): void {
  for (const shape of descendants(notes, 'sp'))
    if (placeholder(shape) === 'body') builder.add('paragraph', paragraphLines(shape).join('\n'), { page });
}
