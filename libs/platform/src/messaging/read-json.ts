import { MillraceError } from '@millrace/contracts';
import { jsonExcess, maxDepth } from '../json-bounds.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The value of a message; `invalid_event` when it is not JSON in UTF-8 or nested too deep. */
export function readJson(bytes: Uint8Array, deepest = maxDepth): unknown {
  if (jsonExcess(bytes, { deepest }))
    throw new MillraceError('invalid_event', { detail: `nested deeper than ${deepest}` });
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw new MillraceError('invalid_event', { detail: 'the value is not JSON in UTF-8', cause });
  }
}
