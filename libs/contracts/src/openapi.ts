import { z } from 'zod';
import { componentSchemas, jsonSchema, type JsonSchema } from './openapi-schemas.ts';
import type { RouteSpec } from './route-spec.ts';
import { routes } from './routes.ts';

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 description of every route: what `GET /openapi.json` answers and `docs/reference/openapi.json` holds. */
export function openApiDocument(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace',
      version: '1',
      summary: 'Push documents, search them, ask them, and get cited answers.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }, {}],
    paths: paths(),
    components: {
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description:
            'Names the tenant and its rights. Not needed on a loopback address without an admin key.',
        },
      },
      schemas: componentSchemas(),
    },
  };
}

function paths(): Record<string, Record<string, Json>> {
  const found: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries<RouteSpec>(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (found[path] ??= {})[route.method.toLowerCase()] = operation(name, route);
  }
  for (const [path, { summary, mediaType }] of Object.entries(operations))
    found[path] = { get: plainOperation(summary, mediaType) };
  return found;
}

function operation(name: string, route: RouteSpec): Json {
  const content = requestContent(route);
  return {
    operationId: name,
    tags: [route.service],
    summary: route.summary,
    'x-right': route.right,
    ...(route.audits && { 'x-audits': route.audits }),
    parameters: [
      ...parameters(route.params, 'path'),
      ...parameters(route.query, 'query'),
      ...parameters(route.headers, 'header'),
    ],
    ...(content && { requestBody: { required: true, content } }),
    responses: {
      [route.status]: success(route),
      default: { description: 'What went wrong.', content: json(componentReference('Error')) },
    },
  };
}

function parameters(schema: z.ZodObject | undefined, where: 'path' | 'query' | 'header'): Json[] {
  if (!schema) return [];
  const { properties, required = [] } = jsonSchema(schema, 'input') as {
    properties: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema: property,
  }));
}

function requestContent({ body, form, cloudEvent }: RouteSpec): Json | undefined {
  if (!body && !form) return undefined;
  return {
    ...(body && !form?.alone && json(jsonSchema(body, 'input'))),
    ...(form && { 'multipart/form-data': { schema: withFile(jsonSchema(form.fields, 'input')) } }),
    ...(cloudEvent && { 'application/cloudevents+json': { schema: jsonSchema(cloudEvent, 'input') } }),
  };
}

/** The form's fields and its one part `file`, which is required. */
function withFile({ properties, required = [], ...form }: JsonSchema): JsonSchema {
  return {
    ...form,
    properties: { ...(properties as object), file: { type: 'string', format: 'binary' } },
    required: [...(required as string[]), 'file'],
  };
}

function success({ response, frame, plain = [] }: RouteSpec): Json {
  if (response instanceof z.ZodNull) return { description: 'Done.' };
  return {
    description: 'Done.',
    content: {
      ...json(jsonSchema(response, 'output')),
      ...(frame && { 'text/event-stream': { schema: jsonSchema(frame, 'output') } }),
      ...Object.fromEntries(plain.map((mediaType) => [mediaType, { schema: { type: 'string' } }])),
    },
  };
}

const json = (schema: JsonSchema): Json => ({ 'application/json': { schema } });
const componentReference = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** Routes for machines that run Millrace. They need no key. */
const operations: Readonly<Record<string, { readonly summary: string; readonly mediaType: string }>> = {
  '/health/live': { summary: 'The process runs.', mediaType: 'application/json' },
  '/health/ready': {
    summary: 'Every part is ready for work; 503 with the reasons until then.',
    mediaType: 'application/json',
  },
  '/metrics': { summary: 'Metrics in the Prometheus text format.', mediaType: 'text/plain' },
  '/openapi.json': { summary: 'This document.', mediaType: 'application/json' },
};

const plainOperation = (summary: string, mediaType: string): Json => ({
  tags: ['operations'],
  summary,
  security: [{}],
  responses: { 200: { description: 'Done.', content: { [mediaType]: {} } } },
});
