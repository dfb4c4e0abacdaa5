import { z } from 'zod';
import { errors } from './errors.ts';
import { routes, type RouteSpec } from './routes.ts';

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });

/** The OpenAPI 3.1 description of every route in the table; what `GET /openapi.json` answers. */
export function openApiDocument(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const spec of Object.values<RouteSpec>(routes)) {
    const path = spec.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[spec.method.toLowerCase()] = operation(spec);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Millrace', version: 'v1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: errorSchema },
    },
    security: [{ key: [] }],
  };
}

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'type', 'request_id'],
      properties: {
        code: { type: 'string', enum: Object.keys(errors) },
        message: { type: 'string' },
        type: { type: 'string' },
        param: { type: ['string', 'null'] },
        retry_after: { type: 'number' },
        request_id: { type: 'string' },
      },
    },
  },
};

function operation(spec: RouteSpec): Record<string, unknown> {
  const parameters = [...parametersOf(spec.params, 'path'), ...parametersOf(spec.query, 'query')];
  const requestBody = requestBodyOf(spec);
  return {
    tags: [spec.service],
    summary: spec.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: {
      [spec.status]: { description: 'Success', content: contentOf(spec) },
      default: {
        description: 'An error of the error table',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function parametersOf(schema: z.ZodObject | undefined, where: 'path' | 'query') {
  if (!schema) return [];
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    in: where,
    required: where === 'path' || !(field as z.ZodType).safeParse(undefined).success,
    schema: jsonSchema(field as z.ZodType, 'input'),
  }));
}

function requestBodyOf(spec: RouteSpec) {
  const content: Record<string, unknown> = {};
  if (spec.body) content['application/json'] = { schema: jsonSchema(spec.body, 'input') };
  if (spec.cloudEvent)
    content['application/cloudevents+json'] = { schema: jsonSchema(spec.cloudEvent, 'input') };
  if (spec.form) {
    const fields = jsonSchema(spec.form.fields, 'input');
    const file = { type: 'string', contentMediaType: 'application/octet-stream' };
    content['multipart/form-data'] = {
      schema: {
        ...fields,
        properties: { ...fields.properties, file },
        required: [...(fields.required ?? []), 'file'],
      },
    };
  }
  return Object.keys(content).length > 0 ? { required: true, content } : undefined;
}

function contentOf(spec: RouteSpec): Record<string, unknown> {
  const content: Record<string, unknown> = {
    'application/json': { schema: jsonSchema(spec.response, 'output') },
  };
  if (spec.frame) content['text/event-stream'] = { schema: jsonSchema(spec.frame, 'output') };
  for (const mediaType of spec.plain ?? []) content[mediaType] = { schema: { type: 'string' } };
  return content;
}
