import { createHash } from 'node:crypto';
import { documentId } from '@millrace/contracts';

const longest = 256;
const refused = /[^\p{L}\p{N}._:@/+= -]/gu;

/**
 * The id of a file by its relative path, separators as `/`. A path that is no valid id has each refused character
 * replaced by `_`, is cut, and gets the start of its SHA-256, so that the same path always gets the same id and two paths
 * never the same one: `a(1).md` -> `a_1_-33bc8ddd.md`. The console gives the
 * same id to the same file.
 */
export function documentIdOf(path: string): string {
  const normal = path.normalize('NFC');
  if (documentId.safeParse(normal).success) return normal;
  const hash = createHash('sha256').update(normal).digest('hex').slice(0, 8);
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(normal)?.[0] ?? '';
  const stem = normal
    .slice(0, normal.length - extension.length)
    .replace(refused, '_')
    .replace(/(?<=^|\/)\.{1,2}(?=\/|$)/g, '_')
    .replace(/^\/+/, '');
  return `${stem.slice(0, longest - hash.length - 1 - extension.length)}-${hash}${extension}`;
}
