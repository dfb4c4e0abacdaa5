import type { OfficeParts } from './office-package.ts';
import { descendants, firstOf, textOf, xmlTree } from './xml.ts';

export interface Relationship {
  readonly type: string;
  /** Name of the part it points at. */
  readonly target: string;
}

/** The parts that `part` refers to, by relationship id. Targets outside the package are left out. */
export function relationshipsOf(parts: OfficeParts, part: string): Map<string, Relationship> {
  const cut = part.lastIndexOf('/') + 1;
  const folder = part.slice(0, cut);
  const xml = parts.get(`${folder}_rels/${part.slice(cut)}.rels`);
  const found = new Map<string, Relationship>();
  if (!xml) return found;
  for (const { attributes } of descendants(xmlTree(xml), 'Relationship')) {
    const { Id, Type = '', Target, TargetMode } = attributes;
    if (!Id || !Target || TargetMode === 'External') continue;
    found.set(Id, { type: Type.slice(Type.lastIndexOf('/') + 1), target: resolved(folder, Target) });
  }
  return found;
}

/** What is no address names no part. */
const resolved = (folder: string, target: string): string =>
  URL.parse(target, `zip:///${folder}`)?.pathname.slice(1) ?? '';

/** The title in the file's properties. */
export function coreTitle(parts: OfficeParts): string | undefined {
  const xml = parts.get('docProps/core.xml');
  const title = xml && firstOf(xmlTree(xml), 'title');
  return title && textOf(title);
}
