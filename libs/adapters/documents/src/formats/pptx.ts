import type { Extract, ReaderContext, Source } from '../extract.ts';
import { openOfficePackage, type OfficeParts } from '../office/office-package.ts';
import { coreTitle, relationshipsOf } from '../office/relationships.ts';
import { descendants, firstOf, relationshipId, textOf, xmlTree, type Element } from '../office/xml.ts';
import { TextBuilder } from '../text-builder.ts';

const presentation = 'ppt/presentation.xml';

/** PowerPoint: slides in their order as pages, each under its title, with tables and speaker notes. */
export function readPptx({ bytes }: Source, { limits }: ReaderContext): Extract {
  const parts = openOfficePackage(bytes, limits);
  const builder = new TextBuilder(limits.maxTextChars);
  for (const [index, name] of slideNames(parts).entries()) addSlide(builder, parts, name, index + 1);
  return builder.build(coreTitle(parts));
}

function slideNames(parts: OfficeParts): string[] {
  const xml = parts.get(presentation);
  const related = relationshipsOf(parts, presentation);
  const ids = xml ? [...descendants(xmlTree(xml), 'sldId')].map(relationshipId) : [];
  return ids.map((id) => related.get(id ?? '')?.target ?? '').filter((name) => parts.has(name));
}

function addSlide(builder: TextBuilder, parts: OfficeParts, name: string, page: number): void {
  const slide = xmlTree(parts.get(name) ?? '');
  const shapes = [...descendants(slide, 'sp', 'graphicFrame')];
  const title = shapes.find(isTitle);
  if (title) builder.heading(1, paragraphs(title).join(' '), page);
  for (const shape of shapes) if (shape !== title) addShape(builder, shape, page);
  const notes = [...relationshipsOf(parts, name).values()].find(({ type }) => type === 'notesSlide');
  const notesXml = notes && parts.get(notes.target);
  if (notesXml) addNotes(builder, xmlTree(notesXml), page);
}

const placeholder = (shape: Element): string | undefined => firstOf(shape, 'ph')?.attributes['type'];

const isTitle = (shape: Element): boolean => /^(?:title|ctrTitle)$/.test(placeholder(shape) ?? '');

/** Slide numbers, dates and footers repeat on every slide and say nothing. */
const isFurniture = (shape: Element): boolean =>
  /^(?:sldNum|dt|ftr|hdr|sldImg)$/.test(placeholder(shape) ?? '');

function addShape(builder: TextBuilder, shape: Element, page: number): void {
  if (isFurniture(shape) || firstOf(shape, 'cNvPr')?.attributes['hidden'] === '1') return;
  const table = firstOf(shape, 'tbl');
  if (table) return addTable(builder, table, page);
  const lines = paragraphs(shape);
  builder.add(lines.length > 1 ? 'list' : 'paragraph', lines.join('\n'), { page });
}

function addTable(builder: TextBuilder, table: Element, page: number): void {
  const rows = [...descendants(table, 'tr')].map((row) =>
    [...descendants(row, 'tc')].map((cell) => paragraphs(cell).join(' ')).join(' | '),
  );
  builder.add('table', rows.join('\n'), { page, label: rows.length > 1 ? rows[0] : undefined });
}

function addNotes(builder: TextBuilder, notes: Element, page: number): void {
  for (const shape of descendants(notes, 'sp'))
    if (placeholder(shape) === 'body') builder.add('paragraph', paragraphs(shape).join('\n'), { page });
}

/** The text of each paragraph; a line break inside one is a blank. */
const paragraphs = (shape: Element): string[] =>
  [...descendants(shape, 'p')]
    .map((paragraph) => [...descendants(paragraph, 't', 'br')].map(run).join('').replace(/\s+/g, ' ').trim())
    .filter((text) => text !== '');

const run = (element: Element): string => (element.name === 'br' ? ' ' : textOf(element));
