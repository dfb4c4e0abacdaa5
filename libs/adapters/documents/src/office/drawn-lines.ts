import { chartLines } from './chart-text.ts';
import { diagramLines } from './diagram-text.ts';
import type { NumberFormats } from './number-format.ts';
import type { OfficeParts } from './office-package.ts';
import type { Relationship } from './relationships.ts';

/** The words of a chart or diagram that lies in a part of its own; none for parts of other kinds. */
export function drawnLines(
  parts: OfficeParts,
  relationship: Relationship | undefined,
  formats: NumberFormats,
): string[] {
  const xml = relationship && parts.get(relationship.target);
  if (!xml) return [];
  if (relationship.type === 'chart') return chartLines(xml, formats);
  return relationship.type === 'diagramData' ? diagramLines(xml) : [];
}
