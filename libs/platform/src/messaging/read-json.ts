import { MillraceError } from '@millrace/contracts';
import { jsonExcess, maxDepth } from '../json-bounds.ts';
import { hasLoneSurrogate } from '../lone-surrogates.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The value of a message; `invalid_event` when it is not JSON in UTF-8 or nested too deep. */
export function readJson(bytes: Uint8Array, deepest = maxDepth): unknown {
  const excess = jsonExcess(bytes, { deepest });
  if (excess)
    throw new MillraceError('invalid_event', {
      detail: excess === 'depth' ? `nested deeper than ${deepest}` : 'a number of too many digits',
    });
  const { text, value } = parse(bytes);
  if (hasLoneSurrogate(text, value))
    throw new MillraceError('invalid_event', { detail: 'a surrogate without its other half' });
  return value;
}

function parse(bytes: Uint8Array): { readonly text: string; readonly value: unknown } {
  try {
    const text = utf8.decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    throw new MillraceError('invalid_event', { detail: 'the value is not JSON in UTF-8', cause });
  }
}
