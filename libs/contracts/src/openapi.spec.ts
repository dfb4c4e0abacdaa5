import { describe, expect, it } from 'vitest';
import { openApiDocument } from './openapi.ts';
import type { RouteSpec } from './route-spec.ts';
import { routes } from './routes.ts';

interface Operation {
  operationId?: string;
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, { content?: Record<string, { schema: Record<string, unknown> }> }>;
}
const document = openApiDocument() as unknown as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Record<string, unknown>> };
};

const references = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
};

const operationOf = (name: keyof typeof routes): Operation => {
  const { path, method }: RouteSpec = routes[name];
  const found = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  if (!found) throw new Error(`${name} is not described`);
  return found;
};

describe('openApiDocument', () => {
  it.each(Object.keys(routes) as (keyof typeof routes)[])('describes the route %s', (name) => {
    expect(operationOf(name).operationId).toBe(name);
    expect(operationOf(name).responses).toHaveProperty(String(routes[name].status));
  });

  it('refers only to schemas that it holds', () => {
    const missing = references(document).filter(
      (reference) => !(reference.replace('#/components/schemas/', '') in document.components.schemas),
    );
    expect(missing).toEqual([]);
  });

  it('holds no schema that nothing refers to', () => {
    const used = new Set(references(document));
    const unused = Object.keys(document.components.schemas).filter(
      (name) => !used.has(`#/components/schemas/${name}`),
    );
    expect(unused).toEqual([]);
  });

  it('names every path parameter, required', () => {
    for (const [path, operations] of Object.entries(document.paths))
      for (const [, parameter] of path.matchAll(/\{(\w+)\}/g))
        for (const { parameters } of Object.values(operations))
          expect(parameters).toContainEqual(
            expect.objectContaining({ name: parameter, in: 'path', required: true }),
          );
  });

  it('describes the recursive filter by reference', () => {
    const filter = document.components.schemas['Filter'];
    expect(references(filter)).toContain('#/components/schemas/Filter');
    expect(references(document.components.schemas['SearchRequest'])).toEqual(['#/components/schemas/Filter']);
  });

  it('takes documents as JSON, as a form with a file, and as a CloudEvent', () => {
    const content = operationOf('postDocument').requestBody?.content ?? {};
    expect(Object.keys(content)).toEqual([
      'application/json',
      'multipart/form-data',
      'application/cloudevents+json',
    ]);
    expect(content['multipart/form-data']?.schema['required']).toEqual(['file']);
  });

  it('takes speech only as a form, and answers it as JSON or text', () => {
    const operation = operationOf('transcriptions');
    expect(Object.keys(operation.requestBody?.content ?? {})).toEqual(['multipart/form-data']);
    expect(Object.keys(operation.responses['200']?.content ?? {})).toContain('text/vtt');
  });

  it('answers chat as JSON or as a stream, and a revoked key with nothing', () => {
    expect(Object.keys(operationOf('chatCompletions').responses['200']?.content ?? {})).toEqual([
      'application/json',
      'text/event-stream',
    ]);
    expect(operationOf('revokeKey').responses['204']?.content).toBeUndefined();
  });

  it('lets clients leave out what has a default, and promises it in answers', () => {
    expect(document.components.schemas['SearchRequest']?.['required']).toEqual(['query']);
    expect(document.components.schemas['SearchResult']?.['required']).toContain('headings');
  });
});
