import {
  documentKey,
  events,
  givenUpHeader,
  MillraceError,
  type DocumentCloudEvent,
} from '@millrace/contracts';
import type { DeadLetterRecord, OutboxEvent } from '@millrace/ports';

/**
 * What goes into `documents.v1` in place of a dead letter's message. It stays with the letter's tenant. Its id is the
 * letter's: the one that the sender gave may be known already, and would be taken for the event that failed.
 * Throws `invalid_request` when neither event nor letter names a document.
 */
export function correctedMessage(letter: DeadLetterRecord, event: DocumentCloudEvent): OutboxEvent {
  const { id, tenant, subject, at, replay } = letter;
  const document = event.subject ?? event.data?.id ?? subject?.document ?? letter.document;
  if (document === undefined)
    throw new MillraceError('invalid_request', {
      param: 'corrections',
      detail: `the letter ${id} names no document: name it in the event's subject`,
    });
  return {
    topic: events.documents.name,
    key: documentKey({ tenant, document }),
    value: JSON.stringify({ ...event, id }),
    headers: {
      'content-type': 'application/cloudevents+json; charset=UTF-8',
      // What came after the letter is newer than what corrects it.
      [givenUpHeader]: replay.headers[givenUpHeader] ?? new Date(at).toISOString(),
    },
  };
}
