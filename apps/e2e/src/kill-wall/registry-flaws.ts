import type { DocumentStatus } from '@millrace/contracts';
import type { Flaw } from './faults.ts';
import type { Standing } from './standing.ts';

/** A document as a list of the registry shows it. */
export type Listed = Omit<DocumentStatus, 'history'>;

/** Nothing more is to happen to it. */
export const isAtRest = ({ state }: Listed): boolean => state === 'indexed' || state === 'deleted';

/** What the registry says otherwise than the operations on the document do. */
export function registryFlaws(status: Listed | undefined, standing: Standing): Flaw[] {
  if (!status) return standing.lowest > 0 ? [['lost', 'acknowledged, unknown now']] : [];
  return [...versionFlaws(status, standing), ...stateFlaws(status, standing)];
}

function versionFlaws({ version }: Listed, { lowest, highest }: Standing): Flaw[] {
  if (version < lowest) return [['lost', `version ${version}, at least ${lowest} is due`]];
  if (version > highest) return [['duplicated', `version ${version}, at most ${highest} is due`]];
  return [];
}

function stateFlaws({ version, state, reason, live_version: live }: Listed, standing: Standing): Flaw[] {
  const kinds = new Set(standing.makersOf(version).map(({ kind }) => kind));
  switch (state) {
    case 'deleted':
      return [
        ...when(kinds.size > 0 && !kinds.has('delete'), 'lost', 'deleted by nobody'),
        ...when(live !== undefined, 'resurrected', `deleted, and version ${live} is live`),
      ];
    case 'indexed':
      return [
        ...when(
          kinds.size > 0 && !kinds.has('put'),
          'resurrected',
          `version ${version} is indexed, not deleted`,
        ),
        ...when(live !== version, 'mixed', `version ${version} is indexed, and version ${live} is live`),
      ];
    default:
      return [['unfinished', `${state} ${reason?.code ?? ''}`]];
  }
}

const when = (is: boolean, ...flaw: Flaw): Flaw[] => (is ? [flaw] : []);
