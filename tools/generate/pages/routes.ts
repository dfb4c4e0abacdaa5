import { routes, services, type RouteSpec } from '@millrace/contracts';
import * as contracts from '@millrace/contracts';
import type { z } from 'zod';
import { fieldTable } from '../fields.ts';
import { code, page, table } from '../markdown.ts';

const all = Object.values<RouteSpec>(routes);

export const routesPage = (): string =>
  page(
    'Routes',
    '`libs/contracts/src/routes.ts`',
    '[openapi.json](openapi.json) describes the same for machines; a running Millrace answers it at `/openapi.json`. ' +
      'Errors are in [errors.md](errors.md).',
    'Beside these, without a key: `/health/live`, `/health/ready`, `/metrics`, `/openapi.json`, and the console at `/`. ' +
      'Metrics are counts and times of the whole installation, by names from our own tables: no tenant, user or document ' +
      'is named and no content told. If even the totals are nobody’s business, let the network keep `/metrics` inside.',
    table(
      ['Route', 'Does', 'Right', 'Service'],
      all.map(({ method, path, summary, right, service }) => [
        code(`${method} ${path}`),
        summary,
        right,
        service,
      ]),
    ),
    ...services.flatMap((service) => {
      const own = all.filter((route) => route.service === service);
      return own.length === 0 ? [] : [`## ${service}`, ...own.flatMap(details)];
    }),
  );

function details({ method, path, summary, ...route }: RouteSpec): string[] {
  const { params, query, headers, body, form, frame, plain } = route;
  return [
    `### ${code(`${method} ${path}`)}`,
    summary,
    ...part('In the path', params, 'input'),
    ...part('In the query', query, 'input'),
    ...part('In the headers', headers, 'input'),
    ...part('Body', body, 'input'),
    ...(form
      ? part(
          `Form${form.alone ? '' : ' instead of the body'}, beside the part \`file\``,
          form.fields,
          'input',
        )
      : []),
    ...part(`Answer ${route.status}`, route.response, 'output'),
    ...(frame ? part('Each frame of a stream', frame, 'output') : []),
    ...(plain ? [`Or as ${plain.map(code).join(', ')}.`] : []),
  ];
}

const part = (title: string, schema: z.ZodType | undefined, io: 'input' | 'output'): string[] =>
  schema && schema.def.type !== 'null' ? [`**${title}**`, fieldTable(schema, io, exportedAs(schema))] : [];

/** The constant that holds the schema: its comments are found under this name. */
const exportedAs = (schema: z.ZodType): string =>
  Object.entries(contracts).find(([, value]) => value === schema)?.[0] ?? '';
