import type { routes } from '@millrace/contracts';
import type { Reply, RouteRequest } from '@millrace/platform';
import { describe, expect, it } from 'vitest';
import type { DocumentIntake, IntakeRequest, WithdrawalRequest } from './document-intake.ts';
import { EventContent } from './event-content.ts';
import { IngestionController } from './ingestion.controller.ts';
import type { TenantBacklog } from './tenant-backlog.ts';
import { BlobsInMemory } from './testing/blobs-in-memory.ts';

type Put = RouteRequest<typeof routes.putDocument>;
type Post = RouteRequest<typeof routes.postDocument>;

const noBound = { admit: async () => undefined } as unknown as TenantBacklog;

function desk() {
  const taken: IntakeRequest[] = [];
  const withdrawn: string[] = [];
  const intake = {
    accept: async (request: IntakeRequest) => {
      taken.push(request);
      return { document: request.document ?? 'made', version: 1, state: 'accepted', outcome: 'accepted' };
    },
    withdraw: async ({ document }: WithdrawalRequest) => {
      withdrawn.push(document);
      return document === 'never'
        ? undefined
        : { document, version: 2, state: 'accepted', outcome: 'accepted' };
    },
  } as unknown as DocumentIntake;
  return {
    controller: new IngestionController(
      intake,
      new EventContent(new BlobsInMemory(), { maxClaimMb: 1 } as never),
      noBound,
    ),
    taken,
    withdrawn,
  };
}

const shared = { principal: { tenant: 'acme' }, headers: {} };
const put = (more: object): Put => ({ ...shared, params: { id: 'a/ä' }, ...more }) as unknown as Put;
const post = (more: object): Post => ({ ...shared, ...more }) as unknown as Post;
const file = { filename: 'a.pdf', mediaType: 'application/pdf', bytes: new Uint8Array([1]) };

describe('documents over HTTP', () => {
  it('answers with id, version, state and where to look', async () => {
    const reply = await desk().controller.put(put({ body: { text: 'x' } }));
    expect(reply.body).toEqual({ id: 'a/ä', version: 1, state: 'accepted' });
    expect(reply.options.headers).toEqual({ location: '/v1/documents/a%2F%C3%A4' });
  });

  it('leaves the making of an id to the intake', async () => {
    const { controller, taken } = desk();
    const reply = await controller.post(post({ body: { text: 'x' } }));
    expect(taken[0]!.document).toBeUndefined();
    expect(reply.body).toMatchObject({ id: 'made' });
  });

  it('refuses two different ids', async () => {
    const { controller, taken } = desk();
    await expect(controller.put(put({ body: { id: 'b', text: 'x' } }))).rejects.toMatchObject({
      ...{ code: 'invalid_request', param: 'id' },
    });
    expect(taken).toEqual([]);
  });

  it('refuses a key of a form that is poison to programs', async () => {
    const { controller, taken } = desk();
    const fields = { metadata: '{"a":1,"__proto__":{"x":1}}' };
    await expect(controller.put(put({ form: { fields, file } }))).rejects.toMatchObject({
      ...{ code: 'invalid_request', detail: 'the key __proto__ is not accepted' },
    });
    expect(taken).toEqual([]);
  });

  it('reads metadata and access list of a form as JSON', async () => {
    const { controller, taken } = desk();
    const fields = { title: 'T', metadata: '{"year":2024}', acl: '["group:board"]' };
    await controller.put(put({ form: { fields, file } }));
    expect(taken[0]!.arrival).toEqual({
      ...{ title: 'T', metadata: { year: 2024 }, acl: ['group:board'] },
      ...{ mediaType: 'application/pdf', filename: 'a.pdf', content: file.bytes },
    });
  });

  it.each([
    [{ metadata: '{"a":' }, 'metadata'],
    [{ metadata: '{"a":{}}' }, 'metadata.a'],
    [{ acl: '["board"]' }, 'acl.0'],
  ])('names the field of a form that does not fit: %o', async (fields, param) => {
    await expect(desk().controller.put(put({ form: { fields, file } }))).rejects.toMatchObject({
      ...{ code: 'invalid_request', param },
    });
  });

  it('refuses an Idempotency-Key that is no plain word', async () => {
    const headers = { 'idempotency-key': 'with space' };
    await expect(desk().controller.put(put({ headers, body: { text: 'x' } }))).rejects.toMatchObject({
      ...{ code: 'invalid_request', param: 'idempotency-key' },
    });
  });

  it('says when there is nothing to delete', async () => {
    await expect(desk().controller.delete(put({ params: { id: 'never' } }) as never)).rejects.toMatchObject({
      code: 'document_not_found',
    });
  });
});

describe('documents as CloudEvents', () => {
  const upsert = (more: object) => post({ cloudEvent: { type: 'millrace.document.upsert.v1', ...more } });

  it('have their id in the subject or in the data', async () => {
    const { controller, taken } = desk();
    await controller.post(upsert({ subject: 'a', data: { text: 'x' } }));
    await controller.post(upsert({ data: { id: 'b', text: 'x' } }));
    await controller.post(upsert({ subject: 'c', data: { id: 'c', text: 'x' } }));
    expect(taken.map(({ document }) => document)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    [{ data: { text: 'x' } }, 'invalid_id'],
    [{ subject: '../a', data: { text: 'x' } }, 'invalid_id'],
    [{ subject: 'a', data: { id: 'b', text: 'x' } }, 'invalid_request'],
  ])('are refused without one id: %o', async (event, code) => {
    await expect(desk().controller.post(upsert(event))).rejects.toMatchObject({ code });
  });

  it('are known again by source and id, with what they ask for', async () => {
    const { controller, taken } = desk();
    const event = { id: '1', source: '/wiki', subject: 'a' };
    for (const text of ['x', 'x', 'y']) await controller.post(upsert({ ...event, data: { text } }));
    const [first, again, other] = taken.map(({ event }) => event!);
    expect(first!.key).toBe('/wiki 1');
    expect(again).toEqual(first);
    expect(other!.key).toBe(first!.key);
    expect(other!.requestHash).not.toBe(first!.requestHash);
  });

  it('delete, too', async () => {
    const { controller, withdrawn } = desk();
    const event = { type: 'millrace.document.delete.v1', subject: 'a' };
    const reply: Reply = await controller.post(post({ cloudEvent: event }));
    expect(withdrawn).toEqual(['a']);
    expect(reply.body).toMatchObject({ id: 'a', version: 2 });
  });
});
