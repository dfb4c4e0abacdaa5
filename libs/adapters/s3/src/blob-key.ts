import { MillraceError } from '@millrace/contracts';
import { blobKeyPattern } from '@millrace/ports';

const maxKeyLength = 512;

export function checkKey(key: string): void {
  if (key.length > maxKeyLength) throw badKey(key, `a key has at most ${maxKeyLength} characters`);
  if (!blobKeyPattern.test(key))
    throw badKey(key, 'a key is made of letters, digits and . _ - between slashes');
}

/** A prefix to delete names a folder: an empty one would empty the store. */
export function checkFolder(prefix: string): void {
  if (!prefix.endsWith('/')) throw badKey(prefix, 'a prefix to delete ends in /');
  checkKey(prefix.slice(0, -1));
}

/** A prefix to list may be empty. */
export function checkPrefix(prefix: string): void {
  if (prefix !== '') checkKey(prefix.replace(/\/$/, ''));
}

const badKey = (key: string, detail: string): MillraceError =>
  new MillraceError('invalid_request', {
    param: 'key',
    detail,
    cause: new Error(`key ${JSON.stringify(key)}`),
  });
