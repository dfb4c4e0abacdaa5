import { events, type wholeDeadLetter } from '@millrace/contracts';
import type { z } from 'zod';
import { jsonOf } from './json-lines.ts';

type WholeDeadLetter = z.infer<typeof wholeDeadLetter>;

const attributePrefix = 'ce_';

/**
 * What there is to put right: the event as it was sent, or as text where it is none. Of a document that could not be worked
 * on, an event that says no more than whose place it takes.
 */
export function eventOf({ id, origin, subject, message }: WholeDeadLetter): unknown {
  if (origin !== events.documents.name)
    return {
      ...{ specversion: '1.0', id, source: '/millrace/dead-letters', type: 'millrace.document.upsert.v1' },
      ...(subject && { subject: subject.document }),
      data: {},
    };
  const { headers, value } = message;
  const data = jsonOf(value) ?? value;
  const attributes = Object.entries(headers).filter(([name]) => name.startsWith(attributePrefix));
  if (attributes.length === 0) return data;
  const named = attributes.map(([name, of]) => [name.slice(attributePrefix.length), of]);
  const type = headers['content-type'];
  return { ...Object.fromEntries(named), ...(type && { datacontenttype: type }), data };
}
