import { calls, type CallSpec } from '@millrace/contracts';
import { fieldTable } from '../fields.ts';
import { code, duration, page, table } from '../markdown.ts';

const all = Object.entries<CallSpec>(calls);

export const callsPage = (): string =>
  page(
    'Calls',
    '`libs/contracts/src/calls.ts`',
    'Questions that services ask one another on the interactive path. When as many calls as allowed are worked on and ' +
      'as many as allowed wait, the next is answered `queue_full`.',
    table(
      ['Call', 'Answers', 'Time allowed', 'At a time', 'May wait'],
      all.map(([, { name, summary, timeoutMs, concurrency, maxWaiting }]) => [
        code(name),
        summary,
        duration(timeoutMs),
        String(concurrency),
        String(maxWaiting),
      ]),
    ),
    ...all.flatMap(([key, { name, input, output }]) => [
      `## ${code(name)}`,
      '**Asked**',
      fieldTable(input, 'input', `calls.${key}.input`),
      '**Answered**',
      fieldTable(output, 'output', `calls.${key}.output`),
    ]),
  );
