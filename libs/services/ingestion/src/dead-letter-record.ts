import { documentId, documentKey, givenUpHeader, tenantName, type DeadLetter } from '@millrace/contracts';
import type { DeadLetterRecord, LogPlace } from '@millrace/ports';
import { v5 as uuid } from 'uuid';

/** Namespace of dead letters' ids (UUIDv5 of what tells one from another). */
const namespace = '0f1c6f52-8f7a-4f0b-8a55-0a8b2f0f3d22';

/** When a replayed message was given up first, epoch milliseconds; undefined for one that was not. */
export function givenUpAt(headers: Readonly<Record<string, string>>): number | undefined {
  const at = Date.parse(headers[givenUpHeader] ?? '');
  return Number.isNaN(at) ? undefined : at;
}

/** A letter as the registry keeps it: whose it is, and what to publish to send it round again. */
export function recordOf(letter: DeadLetter): DeadLetterRecord {
  const { subject, origin, reason, attempts, payload, at } = letter;
  const key = storable(letter.key ?? (subject ? documentKey(subject) : ''));
  const meant = subject ?? addresseeIn(key);
  const value =
    'json' in payload
      ? JSON.stringify(payload.json)
      : storable(Buffer.from(payload.base64, 'base64').toString());
  const writtenAt = Date.parse(at);
  const { headers = { 'content-type': 'application/json' } } = letter;
  // A message from outside may say anything there: it was never given up later than now.
  const saidAt = Math.min(givenUpAt(headers) ?? Infinity, writtenAt);
  return {
    id: uuid(identity(letter, key, value), namespace),
    tenant: meant?.tenant ?? 'default',
    origin,
    ...(subject ? { subject } : meant && { document: meant.document }),
    reason,
    attempts,
    at: writtenAt,
    saidAt,
    replay: {
      ...{ topic: origin, key, value },
      headers: { ...headers, [givenUpHeader]: new Date(saidAt).toISOString() },
    },
    ...(letter.omitted_bytes !== undefined && { omittedBytes: letter.omitted_bytes }),
  };
}

/** Where its message stands in the topic it came from; undefined for one that came from none. */
export const placeIn = ({ partition, offset, timestamp }: DeadLetter): LogPlace | undefined =>
  partition === undefined || offset === undefined || timestamp === undefined
    ? undefined
    : { partition, offset, timestamp };

/** Databases keep text: what is none loses its NUL characters, and its bytes that are no UTF-8. */
const storable = (text: string): string => text.replaceAll('\0', '\ufffd');

/** Of a version there is one letter an origin; of what has none, one a record, or without a record one each time. */
const identity = (
  { origin, subject, partition, offset, timestamp, omitted_bytes: omitted, at }: DeadLetter,
  key: string,
  value: string,
): string => {
  const place = offset === undefined ? [at] : [partition, offset, timestamp];
  return `${origin}/${key}@${subject ? subject.version : JSON.stringify([...place, value, omitted])}`;
};

function addresseeIn(key: string): { tenant: string; document: string } | undefined {
  const [tenant, ...rest] = key.split('/');
  const document = rest.join('/');
  if (tenant === undefined || !tenantName.safeParse(tenant).success) return undefined;
  return documentId.safeParse(document).success ? { tenant, document } : undefined;
}
