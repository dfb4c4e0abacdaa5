import { MillraceError } from '@millrace/contracts';
import { unzipSync, type UnzipFileInfo } from 'fflate';
import type { ReadLimits } from '../extract.ts';

export type OfficeFormat = 'docx' | 'pptx' | 'xlsx';

/** More entries than any office file needs. */
const maxEntries = 20_000;
/** Office XML packs to a tenth or twentieth; deflate's own limit is about 1000. */
const maxRatio = 200;
/** Small files may pack better than that. */
const ratioMattersFrom = 16 * 1024 * 1024;

const damaged = (cause?: unknown): MillraceError => new MillraceError('unreadable_document', { cause });

/** The entries of a zip's central directory; nothing is unpacked. */
function entriesOf(bytes: Uint8Array): UnzipFileInfo[] {
  const entries: UnzipFileInfo[] = [];
  try {
    unzipSync(bytes, { filter: (entry) => entries.push(entry) < 0 });
  } catch (cause) {
    throw damaged(cause);
  }
  return entries;
}

const mainParts: readonly (readonly [OfficeFormat, RegExp])[] = [
  ['docx', /^word\/document\d*\.xml$/],
  ['pptx', /^ppt\/presentation\.xml$/],
  ['xlsx', /^xl\/workbook\.xml$/],
];

/** Which office format a zip holds. */
export function officeFormat(bytes: Uint8Array): OfficeFormat {
  const names = entriesOf(bytes).map(({ name }) => name);
  const found = mainParts.find(([, main]) => names.some((name) => main.test(name)));
  if (found) return found[0];
  throw new MillraceError('unsupported_format', { detail: 'it is a zip archive of another kind' });
}

/** The XML parts of an office file by name; pictures, fonts and macros stay packed. */
export type OfficeParts = ReadonlyMap<string, Uint8Array>;

/**
 * Unpacks the XML parts after the directory's sizes have been checked. A size that lies is cut off at what it
 * claims, and names are only keys: nothing is written to disk.
 */
export function openOfficePackage(bytes: Uint8Array, { maxExpandedBytes }: ReadLimits): OfficeParts {
  checkExpansion(entriesOf(bytes), bytes.length, maxExpandedBytes);
  try {
    const parts = unzipSync(bytes, { filter: ({ name }) => /\.(?:xml|rels)$/i.test(name) });
    const entries = Object.entries(parts);
    for (const [, part] of entries) refuseDoctype(part);
    return new Map(entries);
  } catch (cause) {
    throw cause instanceof MillraceError ? cause : damaged(cause);
  }
}

function checkExpansion(entries: readonly UnzipFileInfo[], packed: number, limit: number): void {
  const sum = (pick: (entry: UnzipFileInfo) => number): number =>
    entries.reduce((total, entry) => total + pick(entry), 0);
  const expanded = sum(({ originalSize }) => originalSize);
  const overlapping = sum(({ size }) => size) > packed;
  const ratio = expanded > ratioMattersFrom && expanded > packed * maxRatio;
  if (expanded > limit || overlapping || ratio || entries.length > maxEntries)
    throw new MillraceError('document_expands_too_far', {
      detail: `${entries.length} parts, ${Math.round(expanded / 1e6)} MB unpacked`,
    });
}

/** Office files have no document type declaration (ECMA-376 part 2, 8.1.4); entity bombs do. */
function refuseDoctype(part: Uint8Array): void {
  const view = Buffer.from(part.buffer, part.byteOffset, part.length);
  if (view.includes('<!DOCTYPE') || view.includes('<!ENTITY')) throw damaged();
}
