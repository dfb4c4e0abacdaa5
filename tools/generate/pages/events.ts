import { deadLetter, documentCloudEvent, events, type EventSpec } from '@millrace/contracts';
import { fieldTable } from '../fields.ts';
import { code, page, pattern, table } from '../markdown.ts';

const all = Object.entries<EventSpec>(events);

export const eventsPage = (): string =>
  page(
    'Events',
    '`libs/contracts/src/events.ts`',
    'Facts that cross services. The topic is the name. Values are JSON; the CloudEvents attributes travel as headers ' +
      '(`ce_id`, `ce_type`, `ce_source`, `ce_time`). Events carry identities, references and counts, never content.',
    'JSON Schemas lie in [docs/events](../events).',
    table(
      ['Topic', 'Says', 'Key', 'Partitions', 'Kept'],
      all.map(([, { name, summary, key, partitions, retentionHours }]) => [
        code(name),
        summary,
        code(pattern(key)),
        String(partitions),
        `${retentionHours} h`,
      ]),
    ),
    '## `documents.v1`',
    'What data teams push: a CloudEvent 1.0, key `tenant/document`. The document id is `subject`, or `data.id`.',
    fieldTable(documentCloudEvent.options[0], 'input', 'documentCloudEvent'),
    'A delete has the type `millrace.document.delete.v1` and needs no data.',
    ...all.flatMap(([key, { name, summary, schema }]) => [
      `## ${code(name)}`,
      summary,
      fieldTable(schema, 'output', `events.${key}.schema`),
    ]),
    '## `<topic>.dlq`',
    'Every message that cannot be handled, with what is needed to send it again.',
    fieldTable(deadLetter, 'output', 'deadLetter'),
  );
