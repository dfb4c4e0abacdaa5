import {
  documentId,
  documentKey,
  events,
  givenUpHeader,
  MillraceError,
  type Correction,
} from '@millrace/contracts';
import type { DeadLetterRecord, OutboxEvent } from '@millrace/ports';

export interface CorrectionBounds {
  /** Of key and value. */
  readonly maxBytes: number;
  /** When the version that failed was said, epoch ms: a correction stands in its place, and gives way to any later one. */
  readonly saidAt?: number | undefined;
}

/**
 * What goes into `documents.v1` in place of a dead letter's message. It stays with the letter's tenant and document. Its id
 * is of the letter and its time: the one that the sender gave may be known already, and would be taken for the event that
 * failed; and what fails again has the same letter.
 * Throws `invalid_request` when it is another document's, or no document's, or longer than `maxBytes`, key included.
 */
export function correctedMessage(
  letter: DeadLetterRecord,
  { event, tenant = letter.tenant }: Correction,
  { maxBytes, saidAt }: CorrectionBounds,
): OutboxEvent {
  const { id, at } = letter;
  const key = documentKey({ tenant, document: documentOf(letter, event) });
  const value = JSON.stringify({ ...event, id: `${id}.${at}` });
  const bytes = Buffer.byteLength(key) + Buffer.byteLength(value);
  if (bytes > maxBytes)
    throw wrong(
      letter,
      `the event has ${bytes} bytes, ${maxBytes} are allowed: put the text into the inbox and name it as blob`,
    );
  const givenUpAt = saidAt ?? letter.saidAt;
  return {
    topic: events.documents.name,
    key,
    value,
    headers: {
      'content-type': 'application/cloudevents+json; charset=UTF-8',
      // What came after the letter is newer than what corrects it.
      [givenUpHeader]: new Date(givenUpAt).toISOString(),
    },
  };
}

function documentOf(letter: DeadLetterRecord, { subject, data }: Correction['event']): string {
  const meant = letter.subject?.document ?? letter.document;
  const [named = meant, ...others] = [...new Set([subject, data?.id].filter((name) => name !== undefined))];
  if (named === undefined) throw wrong(letter, 'it names no document: name it in the subject of the event');
  if (others.length > 0) throw wrong(letter, 'subject and data.id of the event name two documents');
  if (meant !== undefined && named !== meant)
    throw wrong(
      letter,
      `it is about ${meant}, the event names ${named}: take that out, or push it by itself`,
    );
  if (!documentId.safeParse(named).success) throw wrong(letter, `${named} is no id of a document`);
  return named;
}

const wrong = ({ id }: DeadLetterRecord, detail: string): MillraceError =>
  new MillraceError('invalid_request', { param: 'corrections', detail: `letter ${id}: ${detail}` });
