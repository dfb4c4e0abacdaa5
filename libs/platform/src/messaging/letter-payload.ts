import type { DeadLetter } from '@millrace/contracts';
import { readJson } from './read-json.ts';

/** The value of a message as its letter has it: JSON where it is some, base64 otherwise. */
export function letterPayload(value: Uint8Array): DeadLetter['payload'] {
  try {
    return { json: readJson(value) };
  } catch {
    return { base64: Buffer.from(value).toString('base64') };
  }
}
