import { MillraceError } from '@millrace/contracts';
import type { ChunkingOptions, ParsedDocument } from '@millrace/ports';
import { chunkerVersion, chunkText, loadTokenizer, type Block } from '@millrace/text';
import type { Extract, ReaderContext, ReadLimits, Source } from './extract.ts';
import { formatNames, isBinary, type FormatName } from './formats/names.ts';
import { formats } from './formats/table.ts';
import { detect } from './sniffing/detect.ts';
import { clean, tooMuchText } from './text-builder.ts';

/** Reads a file and cuts it into chunks, in this process: `ChildProcessDocumentParser` does it in another. */
export async function readDocument(
  source: Source,
  limits: ReadLimits,
  { maxTokens, maxChunks }: ChunkingOptions,
): Promise<ParsedDocument> {
  const { format, extract } = await read(source, { limits, readNested });
  const { text, blocks, hidden } = extract;
  const tokenizer = await loadTokenizer();
  const chunks = chunkText(text, blocks, { maxTokens, maxChunks, count: (each) => tokenizer.count(each) });
  if (chunks.length === 0) throw nothingFound(format, text);
  return {
    title: usableTitle(extract.title) ?? firstTopHeading(blocks),
    text,
    chunks,
    mediaType: formatNames[format].mediaTypes[0],
    parser: `${format}@${formats[format].version}`,
    chunker: chunkerVersion,
    ...(hidden !== undefined && { hidden: hidden.slice(0, mostHidden).toWellFormed() }),
  };

  async function readNested(nested: Source): Promise<Extract> {
    return (await read(nested, { limits })).extract;
  }
}

async function read(
  source: Source,
  context: ReaderContext,
): Promise<{ format: FormatName; extract: Extract }> {
  const { format, text } = detect(source);
  const { maxTextChars } = context.limits;
  if (text.length > maxTextChars && !textIsMade.has(format)) throw tooMuchText(maxTextChars);
  try {
    return { format, extract: await formats[format].read({ ...source, text }, context) };
  } catch (error) {
    throw asMillraceError(error, format);
  }
}

/** Characters of what is hidden that are told. */
const mostHidden = 65_536;

/** Formats whose text is put together from the source, and bounded there. */
const textIsMade: ReadonlySet<FormatName> = new Set(['html', 'svg', 'csv', 'json', 'eml']);

/** What a library throws at a damaged file says little; its message may quote the file, so only the kind is kept. */
function asMillraceError(error: unknown, format: FormatName): MillraceError {
  if (error instanceof MillraceError) return error;
  const message = error instanceof Error ? error.message : '';
  if (/call stack|nesting depth/i.test(message))
    return new MillraceError('nested_too_deeply', { detail: format, cause: error });
  if (/invalid (?:string|array|typed array)|allocation failed/i.test(message))
    return new MillraceError('parse_out_of_memory', { detail: format, cause: error });
  const name = error instanceof Error ? error.name : 'Error';
  const detail = name === 'Error' ? format : `${format}: ${name}`;
  return new MillraceError('unreadable_document', { detail, cause: error });
}

/** Formats whose pages may be pictures of text. */
const mayBeScans: ReadonlySet<FormatName> = new Set(['pdf', 'docx', 'pptx']);

function nothingFound(format: FormatName, text: string): MillraceError {
  if (mayBeScans.has(format))
    return new MillraceError('no_text', { detail: 'if its pages are pictures, run OCR on it first' });
  const hadContent =
    isBinary(format) || /[^\s\p{Default_Ignorable_Code_Point}]/u.test(text) || textIsMade.has(format);
  return new MillraceError(hadContent ? 'no_text' : 'empty_document');
}

/** What programs write when nobody gave a title. */
const notATitle =
  /^(?:untitled.*|document\d*|powerpoint presentation|slide 1|title|microsoft \w+ - .*|.*\.(?:pdf|docx?|pptx?|xlsx?|indd|tex|dvi|qxd|pub|graffle))$/i;
/** The contract's limit. */
const longestTitle = 1024;

function usableTitle(title: string | undefined): string | undefined {
  const tidy = clean(title ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return tidy === '' || notATitle.test(tidy) ? undefined : tidy.slice(0, longestTitle).toWellFormed();
}

/** The first of the highest level that occurs. */
function firstTopHeading(blocks: readonly Block[]): string | undefined {
  const headings = blocks.filter(({ kind }) => kind === 'heading');
  const top = headings.reduce((least, { level = 1 }) => Math.min(least, level), Infinity);
  return usableTitle(headings.find(({ level = 1 }) => level === top)?.label);
}
