import {
  cloudEvent,
  deadLetter,
  documentClaim,
  documentInput,
  events,
  type AnyEventSpec,
  type EventSpec,
} from '@millrace/contracts';
import { fieldTable } from '../fields.ts';
import { code, page, pattern, table } from '../markdown.ts';

const all = Object.entries<AnyEventSpec>(events);
const facts = all.filter((entry): entry is [string, EventSpec] => entry[1].carries === 'data');

export const eventsPage = (): string =>
  page(
    'Events',
    '`libs/contracts/src/events.ts`',
    'Facts that cross services. The topic is the name. Values are JSON; the CloudEvents attributes travel as headers ' +
      '(`ce_id`, `ce_type`, `ce_source`, `ce_time`). Events carry identities, references and counts, never content.',
    'JSON Schemas lie in [docs/events](../events), with the rule by which they change.',
    table(
      ['Topic', 'Says', 'Key', 'Partitions', 'Kept'],
      all.map(([, { name, summary, key, partitions, retentionHours }]) => [
        code(name),
        summary,
        code(typeof key === 'string' ? key : pattern(key)),
        String(partitions),
        `${retentionHours} h`,
      ]),
    ),
    '## `documents.v1`',
    'What data teams push: a CloudEvent 1.0 with the record key `tenant/document`, structured ' +
      '(`content-type: application/cloudevents+json`) or binary (attributes in headers `ce_...`, data in the value). ' +
      'The last 32 events of each document are known by `source` and `id`, in the topic and over HTTP alike: one of ' +
      'them again changes nothing. How to publish, what comes of it and what is refused: [docs/events](../events/README.md).',
    fieldTable(cloudEvent, 'input', 'members'),
    'The data of `millrace.document.upsert.v1` is the text',
    fieldTable(documentInput, 'input', 'documentInput'),
    'or a claim check',
    fieldTable(documentClaim, 'input', 'documentClaim'),
    'A `millrace.document.delete.v1` needs no data.',
    ...facts.flatMap(([key, { name, summary, schema }]) => [
      `## ${code(name)}`,
      summary,
      fieldTable(schema, 'output', `events.${key}.schema`),
    ]),
    '## `<topic>.dlq`',
    'Every message that cannot be handled, with what is needed to send it again.',
    fieldTable(deadLetter, 'output', 'deadLetter'),
  );
