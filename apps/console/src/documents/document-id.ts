const refused = /[^\p{L}\p{N}._:@/+= -]/gu;
const longest = 256;

/**
 * The id for a dropped file, by its path: the same as `millrace push` gives it. Undefined where a name needs a hash and
 * the browser makes none (a page that came over plain HTTP from another machine): then the server makes an id.
 */
export async function documentIdOf(path: string): Promise<string | undefined> {
  const normal = path.normalize('NFC');
  const stem = stemOf(normal);
  if (stem === normal && normal.length <= longest && normal !== '') return normal;
  if (!('subtle' in crypto)) return undefined;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(normal));
  const hash = [...new Uint8Array(digest, 0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(normal)?.[0] ?? '';
  const name = stemOf(normal.slice(0, normal.length - extension.length));
  return `${name.slice(0, longest - hash.length - 1 - extension.length)}-${hash}${extension}`;
}

/** The path with what an id may not have replaced. */
const stemOf = (path: string): string =>
  path
    .replace(refused, '_')
    .replace(/(?<=^|\/)\.{1,2}(?=\/|$)/g, '_')
    .replace(/^\/+/, '');
