import { deadLetter, events, openApiDocument } from '@millrace/contracts';
import { z } from 'zod';
import { architecturePage } from './pages/architecture.ts';
import { callsPage } from './pages/calls.ts';
import { errorsPage } from './pages/errors.ts';
import { eventsPage } from './pages/events.ts';
import { jobsPage } from './pages/jobs.ts';
import { moderationPage } from './pages/moderation.ts';
import { routesPage } from './pages/routes.ts';
import { settingsPage } from './pages/settings.ts';

/** Where the schemas of events lie, which others build on. */
export const schemaFolder = 'docs/events';
export const schemaSuffix = '.schema.json';

/** Every generated file: path from the root -> its text. */
export function references(): Map<string, string> {
  return new Map([
    ['docs/architecture.md', architecturePage()],
    ['docs/moderation.md', moderationPage()],
    ['docs/reference/events.md', eventsPage()],
    ['docs/reference/jobs.md', jobsPage()],
    ['docs/reference/calls.md', callsPage()],
    ['docs/reference/errors.md', errorsPage()],
    ['docs/reference/routes.md', routesPage()],
    ['docs/reference/settings.md', settingsPage()],
    ['docs/reference/openapi.json', json(openApiDocument())],
    ...eventSchemas(),
  ]);
}

/** A JSON Schema for every event, for those who publish and consume them in other languages. */
function eventSchemas(): [string, string][] {
  const schemas: [string, z.ZodType][] = [
    ...Object.values(events).map(({ name, schema }): [string, z.ZodType] => [name, schema]),
    ['dead-letter', deadLetter],
  ];
  return schemas.map(([name, schema]) => [
    `${schemaFolder}/${name}${schemaSuffix}`,
    json({ $id: name, ...z.toJSONSchema(schema, { io: 'input' }) }),
  ]);
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
