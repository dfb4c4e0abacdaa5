import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { treeMegabytes, until } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { type Answer } from './client.ts';
import { Server } from './harness.ts';
import { badDocuments } from './bad-documents.ts';

let server: Server;
let client: Client;
/** Of all processes, before anything bad came. */
let megabytes: number;

beforeAll(async () => {
  server = await Server.start({
    env: { MILLRACE_PARSER_TIMEOUT_MS: '10000', MILLRACE_PARSER_MAX_EXPANDED_MB: '64' },
  });
  client = server.client();
  await client.put('known', { text: 'A document that is there.' });
  await client.waitFor('known', 'indexed');
  megabytes = treeMegabytes(server.pid);
});
afterAll(() => server.stop());

interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string; readonly request_id: string };
}
const json = { 'content-type': 'application/json' };
const text = (value: unknown) => ({ text: value });
const raw = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => () =>
  client.request<ErrorAnswer>(method, path, body, headers);
const form = (fields: Record<string, string | Blob>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};
const twoFiles = () => {
  const data = form({ file: new Blob(['a']) });
  data.append('file', new Blob(['b']));
  return data;
};
const eventHeaders = (type: string) => ({
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-source': '/',
  'ce-type': type,
});
const audio = (bytes: BlobPart, more: Record<string, string> = {}) =>
  raw('POST', '/v1/audio/transcriptions', form({ file: new Blob([bytes]), ...more }));
const chat = (body: unknown) => raw('POST', '/v1/chat/completions', body);
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const megabyte = 1024 * 1024;

/** A second of 16 bits, said to be at this rate. */
function silentWav(rate: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(44 + 16_000));
  for (const [at, name] of [
    [0, 'RIFF'],
    [8, 'WAVEfmt '],
    [36, 'data'],
  ] as const)
    for (const [index, letter] of [...name].entries()) view.setUint8(at + index, letter.charCodeAt(0));
  for (const [at, value] of [
    [4, 16_036],
    [16, 16],
    [24, rate],
    [28, rate * 2],
    [40, 16_000],
  ] as const)
    view.setUint32(at, value, true);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    view.setUint16(at, value, true);
  return view.buffer;
}

/** What is sent, the status and the code it must get. */
const refused: [string, () => Promise<Answer<ErrorAnswer>>, number, string][] = [
  ['malformed JSON', raw('PUT', '/v1/documents/x', '{"text": "unclosed', json), 400, 'invalid_json'],
  ['an empty body', raw('PUT', '/v1/documents/x', '', json), 400, 'invalid_json'],
  ['JSON null', raw('PUT', '/v1/documents/x', 'null', json), 400, 'invalid_request'],
  ['a JSON array', raw('PUT', '/v1/documents/x', '[]', json), 400, 'invalid_request'],
  ['an unknown field', raw('PUT', '/v1/documents/x', { text: 'a', colour: 'red' }), 400, 'invalid_request'],
  ['text that is a number', raw('PUT', '/v1/documents/x', text(7)), 400, 'invalid_request'],
  ['text with NUL characters', raw('PUT', '/v1/documents/x', text('a\0b')), 400, 'invalid_request'],
  [
    'a title with NUL characters',
    raw('PUT', '/v1/documents/x', { text: 'a', title: 'a\0b' }),
    400,
    'invalid_request',
  ],
  [
    'metadata with NUL characters',
    raw('PUT', '/v1/documents/x', { text: 'a', metadata: { tags: ['a\0b'] } }),
    400,
    'invalid_request',
  ],
  ['no text', raw('PUT', '/v1/documents/x', { title: 'a' }), 400, 'invalid_request'],
  [
    'metadata that is a list',
    raw('PUT', '/v1/documents/x', { text: 'a', metadata: [1] }),
    400,
    'invalid_request',
  ],
  [
    'nested metadata',
    raw('PUT', '/v1/documents/x', { text: 'a', metadata: { a: { b: 1 } } }),
    400,
    'invalid_request',
  ],
  [
    'an access entry of no kind',
    raw('PUT', '/v1/documents/x', { text: 'a', acl: ['everyone'] }),
    400,
    'invalid_request',
  ],
  [
    'a title of 2,000 characters',
    raw('PUT', '/v1/documents/x', { text: 'a', title: 't'.repeat(2000) }),
    400,
    'invalid_request',
  ],
  [
    'an unknown media type of the text',
    raw('PUT', '/v1/documents/x', { text: 'a', media_type: 'image/png' }),
    400,
    'invalid_request',
  ],
  [
    'invalid UTF-8 in JSON',
    raw('PUT', '/v1/documents/x', new Blob([new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])]), json),
    400,
    'invalid_json',
  ],
  [
    'JSON 100,000 levels deep',
    raw('PUT', '/v1/documents/x', `{"text":${deep(100_000)}}`, json),
    400,
    'invalid_request',
  ],
  [
    'a __proto__ key',
    raw('PUT', '/v1/documents/x', '{"text":"a","__proto__":{"x":1}}', json),
    400,
    'invalid_request',
  ],
  [
    'JSON that says it is Latin-1',
    raw('PUT', '/v1/documents/x', '{"text":"a"}', { 'content-type': 'application/json; charset=iso-8859-1' }),
    415,
    'unsupported_media_type',
  ],
  [
    'a 100 MB body',
    raw('PUT', '/v1/documents/x', `{"text":"${'x'.repeat(100 * megabyte)}"}`, json),
    413,
    'body_too_large',
  ],
  [
    'a content type nobody reads',
    raw('PUT', '/v1/documents/x', '<a/>', { 'content-type': 'application/xml' }),
    415,
    'unsupported_media_type',
  ],
  [
    'an id with ../',
    raw('PUT', `/v1/documents/${encodeURIComponent('../../etc/passwd')}`, text('a')),
    400,
    'invalid_id',
  ],
  ['an id with a NUL byte', raw('PUT', '/v1/documents/a%00b', text('a')), 400, 'invalid_id'],
  ['an id of 300 characters', raw('PUT', `/v1/documents/${'i'.repeat(300)}`, text('a')), 400, 'invalid_id'],
  ['an id of 5,000 characters', raw('GET', `/v1/documents/${'i'.repeat(5000)}`), 400, 'invalid_id'],
  ['a bad id in JSON', raw('POST', '/v1/documents', { id: '../a', text: 'a' }), 400, 'invalid_id'],
  [
    'a bad id in a form',
    raw('POST', '/v1/documents', form({ id: '../a', file: new Blob(['a']) })),
    400,
    'invalid_id',
  ],
  ['a malformed percent escape', raw('GET', '/v1/documents/%E0%A4%A'), 400, 'invalid_request'],
  [
    'a form with an unknown field',
    raw('POST', '/v1/documents', form({ file: new Blob(['a']), colour: 'red' })),
    400,
    'invalid_request',
  ],
  [
    'a form whose metadata is not JSON',
    raw('POST', '/v1/documents', form({ file: new Blob(['a']), metadata: '{' })),
    400,
    'invalid_request',
  ],
  [
    'a CloudEvent of an unknown type',
    raw(
      'POST',
      '/v1/documents',
      { specversion: '1.0', id: '1', source: '/', type: 'else' },
      { 'content-type': 'application/cloudevents+json' },
    ),
    422,
    'invalid_event',
  ],
  [
    'a CloudEvent of an unknown type, its attributes in headers',
    raw('POST', '/v1/documents', { text: 'a' }, eventHeaders('else')),
    422,
    'invalid_event',
  ],
  [
    'a CloudEvent in headers without an id',
    raw('POST', '/v1/documents', { text: 'a' }, { 'ce-type': 'millrace.document.upsert.v1' }),
    422,
    'invalid_event',
  ],
  ['an unknown document', raw('GET', '/v1/documents/unknown'), 404, 'document_not_found'],
  [
    'deleting an unknown document with the type of a body and none',
    raw('DELETE', '/v1/documents/unknown', undefined, json),
    404,
    'document_not_found',
  ],
  ['deleting an unknown document', raw('DELETE', '/v1/documents/unknown'), 404, 'document_not_found'],
  [
    'the receipt of a document that lives',
    raw('GET', '/v1/documents/known/receipt'),
    404,
    'receipt_not_found',
  ],
  [
    'the content of an unknown document',
    raw('GET', '/v1/documents/unknown/content'),
    404,
    'content_not_found',
  ],
  [
    'waiting for a state that does not exist',
    raw('GET', '/v1/documents/known?wait=cooked'),
    400,
    'invalid_request',
  ],
  [
    'waiting for an hour',
    raw('GET', '/v1/documents/known?wait=deleted&timeout=3600'),
    400,
    'invalid_request',
  ],
  ['a page of a million', raw('GET', '/v1/documents?limit=1000000'), 400, 'invalid_request'],
  ['a query parameter that is misspelt', raw('GET', '/v1/documents?limitt=5'), 400, 'invalid_request'],
  [
    'a query where none is taken',
    raw('PUT', '/v1/documents/x?wait=indexed', text('a')),
    400,
    'invalid_request',
  ],
  ['a cursor that came from nowhere', raw('GET', '/v1/documents?cursor=!!!'), 400, 'invalid_request'],
  ['an unknown model', raw('GET', '/v1/models/gpt-99'), 404, 'model_not_found'],
  ['an unknown route', raw('GET', '/v1/nothing'), 404, 'route_not_found'],
  ['a route with another method', raw('DELETE', '/v1/search'), 405, 'method_not_allowed'],
  ['an empty query', raw('POST', '/v1/search', { query: '' }), 400, 'invalid_request'],
  ['top_k 0', raw('POST', '/v1/search', { query: 'a', top_k: 0 }), 400, 'invalid_request'],
  [
    'an unknown search mode',
    raw('POST', '/v1/search', { query: 'a', mode: 'psychic' }),
    400,
    'invalid_request',
  ],
  [
    'a filter with an unknown operator',
    raw('POST', '/v1/search', { query: 'a', filter: { year: { near: 1 } } }),
    400,
    'invalid_request',
  ],
  [
    'a filter 40 levels deep',
    raw('POST', '/v1/search', {
      query: 'a',
      filter: JSON.parse('{"$not":'.repeat(40) + '{"a":1}' + '}'.repeat(40)) as object,
    }),
    400,
    'invalid_request',
  ],
  [
    'a filter of 500 keys',
    raw('POST', '/v1/search', {
      query: 'a',
      filter: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, 1])),
    }),
    400,
    'invalid_request',
  ],
  [
    'a body that is packed',
    raw('POST', '/v1/search', new Blob([new Uint8Array(gzipSync('{"query":"a"}'))]), {
      ...{ ...json, 'content-encoding': 'gzip' },
    }),
    415,
    'unsupported_media_type',
  ],
  [
    'a body that says it is packed and is not',
    raw('POST', '/v1/search', { query: 'a' }, { 'content-encoding': 'br' }),
    415,
    'unsupported_media_type',
  ],
  ['a search as a form', raw('POST', '/v1/search', form({ query: 'a' })), 415, 'unsupported_media_type'],
  [
    'revoking a key of 65 characters',
    raw('DELETE', `/v1/admin/keys/${'k'.repeat(65)}`),
    404,
    'key_not_found',
  ],
  [
    'a form whose metadata have a __proto__ key',
    raw('POST', '/v1/documents', form({ file: new Blob(['a']), metadata: '{"__proto__":{"x":1}}' })),
    400,
    'invalid_request',
  ],
  ['audio at a rate of 0', audio(silentWav(0)), 422, 'unreadable_audio'],
  ['a chat without messages', chat({ messages: [] }), 400, 'invalid_request'],
  [
    'a chat message of an unknown role',
    chat({ messages: [{ role: 'wizard', content: 'a' }] }),
    400,
    'invalid_request',
  ],
  [
    'a chat with an image, where only extracts answer',
    chat({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }] }),
    400,
    'unsupported_parameter',
  ],
  [
    'a chat with a part that nobody knows',
    chat({ messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'smell' }] }] }),
    400,
    'unsupported_parameter',
  ],
  [
    'a chat with a text part without text',
    chat({ messages: [{ role: 'user', content: [{ type: 'text' }] }] }),
    400,
    'invalid_request',
  ],
  [
    'a chat in which the user says nothing',
    chat({ messages: [{ role: 'system', content: 'Be brief.' }] }),
    400,
    'invalid_request',
  ],
  [
    'moderation of an image',
    raw('POST', '/v1/moderations', { input: [{ type: 'image_url', image_url: { url: 'data:,' } }] }),
    400,
    'unsupported_parameter',
  ],
  ['a transcription as a stream', audio('RIFF', { stream: 'true' }), 400, 'unsupported_parameter'],
  [
    'a transcription with times of words',
    audio('RIFF', { 'timestamp_granularities[]': 'word' }),
    400,
    'unsupported_parameter',
  ],
  [
    'an access entry with a pattern',
    raw('PUT', '/v1/documents/x', { text: 'a', acl: ['group:*'] }),
    400,
    'invalid_request',
  ],
  [
    'an access entry with a space after it',
    raw('PUT', '/v1/documents/x', { text: 'a', acl: ['group:fin '] }),
    400,
    'invalid_request',
  ],
  [
    'a key of a group with a pattern',
    raw('POST', '/v1/admin/keys', { tenant: 'default', name: 'ann', groups: ['*'] }),
    400,
    'invalid_request',
  ],
  [
    'dead letters of an unknown tenant',
    raw('GET', '/v1/admin/dead-letters?tenant=nobody'),
    404,
    'tenant_not_found',
  ],
  [
    'a replay for an unknown tenant',
    raw('POST', '/v1/admin/replay', { tenant: 'nobody', dry_run: true }),
    404,
    'tenant_not_found',
  ],
  [
    'dead letters from a cursor that came from nowhere',
    raw('GET', '/v1/admin/dead-letters?cursor=!!!'),
    400,
    'invalid_request',
  ],
  [
    'dead letters from a cursor of another list',
    raw('GET', `/v1/admin/dead-letters?cursor=${Buffer.from('known').toString('base64url')}`),
    400,
    'invalid_request',
  ],
  ['keys of an unknown tenant', raw('GET', '/v1/admin/keys?tenant=nobody'), 404, 'tenant_not_found'],
  ['a chat with n = 5', chat({ messages: [{ role: 'user', content: 'a' }], n: 5 }), 400, 'invalid_request'],
  [
    'a chat temperature of 99',
    chat({ messages: [{ role: 'user', content: 'a' }], temperature: 99 }),
    400,
    'invalid_request',
  ],
  [
    'a chat with an unknown model',
    chat({ model: 'gpt-99', messages: [{ role: 'user', content: 'a' }] }),
    404,
    'model_not_found',
  ],
  [
    'embedding an unknown model',
    raw('POST', '/v1/embeddings', { model: 'none', input: 'a' }),
    404,
    'model_not_found',
  ],
  [
    'embedding nothing',
    raw('POST', '/v1/embeddings', { model: 'all-minilm-l6-v2', input: [] }),
    400,
    'invalid_request',
  ],
  [
    'embedding to another number of dimensions',
    raw('POST', '/v1/embeddings', { model: 'all-minilm-l6-v2', input: 'a', dimensions: 7 }),
    400,
    'unsupported_parameter',
  ],
  [
    'embedding 2,000 words as one input',
    raw('POST', '/v1/embeddings', { model: 'all-minilm-l6-v2', input: 'weir '.repeat(2000) }),
    400,
    'input_too_long',
  ],
  [
    'moderating 400,001 characters',
    raw('POST', '/v1/moderations', { input: 'a '.repeat(200_001) }),
    400,
    'invalid_request',
  ],
  [
    'moderating 30 MB',
    raw('POST', '/v1/moderations', { input: 'a '.repeat(15 * megabyte) }),
    413,
    'body_too_large',
  ],
  [
    'embedding one word of 30 MB',
    raw('POST', '/v1/embeddings', { model: 'all-minilm-l6-v2', input: 'x'.repeat(30 * megabyte) }),
    413,
    'body_too_large',
  ],
  [
    'JSON of 15 million brackets',
    raw('POST', '/v1/search', '['.repeat(7.5 * megabyte) + ']'.repeat(7.5 * megabyte), json),
    400,
    'invalid_request',
  ],
  [
    'half of a character',
    raw('PUT', '/v1/documents/x', String.raw`{"text":"a\ud800b"}`, json),
    400,
    'invalid_json',
  ],
  [
    'a question that cannot be seen',
    raw('POST', '/v1/chat/completions', { messages: [{ role: 'user', content: '\u200b\0' }] }),
    400,
    'invalid_request',
  ],
  ['a query of spaces', raw('POST', '/v1/search', { query: ' \t ' }), 400, 'invalid_request'],
  ['a parameter given twice', raw('GET', '/v1/documents?limit=1&limit=2'), 400, 'invalid_request'],
  [
    'JSON of a million values',
    raw('POST', '/v1/moderations', { input: Array(1_000_000).fill('a') }),
    400,
    'invalid_request',
  ],
  ['audio that is text', audio('this is not audio'), 422, 'unreadable_audio'],
  ['audio that is empty', audio(''), 422, 'unreadable_audio'],
  ['audio that is half a WAV header', audio('RIFF\x10\x00\x00\x00WAVE'), 422, 'unreadable_audio'],
  [
    'audio in an unknown response format',
    audio('RIFF', { response_format: 'opera' }),
    400,
    'invalid_request',
  ],
  ['audio as JSON', raw('POST', '/v1/audio/transcriptions', { file: 'a' }), 415, 'unsupported_media_type'],
];

const part = 'Content-Disposition: form-data; name="file"; filename="a"\r\n\r\nhal';
const boundary = 'multipart/form-data; boundary=x';
/** Of a form: what is sent, and as what. */
const brokenForms: [string, string | FormData, string?][] = [
  ['without a boundary', '--x\r\n', 'multipart/form-data'],
  ['with an empty boundary', '--x--\r\n', 'multipart/form-data; boundary='],
  ['that is empty', '', boundary],
  ['without parts', '--x--\r\n', boundary],
  ['that is noise', '\u0001\u0002 noise', boundary],
  ['that ends in the middle of a head', '--x\r\nContent-Disp', boundary],
  ['that ends in the middle of the file', `--x\r\n${part}`, boundary],
  ['with two files', twoFiles()],
  ['without a file', form({ prompt: 'a' })],
  ['with the file under another name', form({ upload: new Blob(['a']) })],
  ['with a field that is poison to programs', form({ ['__proto__']: 'a', file: new Blob(['a']) })],
];

describe.each(['/v1/documents', '/v1/audio/transcriptions'])('a form to %s', (path) => {
  it.each(brokenForms)('%s is refused', async (_what, body, type) => {
    const answer = await raw('POST', path, body, type ? { 'content-type': type } : {})();
    expect(answer.body).toMatchObject({ error: { code: 'invalid_request' } });
    expect(answer.status).toBe(400);
  });
});

describe('what is refused at once', () => {
  it.each(refused)('%s', { timeout: 60_000 }, async (_what, send, status, code) => {
    const answer = await send();
    expect(answer.body).toMatchObject({ error: { code } });
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toMatch(/^[A-Z].+\.(?: \(.+\))?$/s);
    expect(answer.body.error.message).not.toMatch(/pattern|\/\^/);
    expect(answer.headers.get('x-request-id')).toBe(answer.body.error.request_id);
  });
});

it('says of two files that a form carries one', async () => {
  const { body } = await client.request<ErrorAnswer>('POST', '/v1/documents', twoFiles());
  expect(body.error.message).toContain('(a form carries one file)');
});

it.each([
  ['/v1/embeddings', { model: 'all-minilm-l6-v2', input: Array(2049).fill('a') }, '<=2048 items'],
  ['/v1/moderations', { input: Array(257).fill('a') }, '<=256 items'],
  ['/v1/moderations', { input: [] }, '>=1 items'],
  [
    '/v1/chat/completions',
    { messages: [{ role: 'user', content: 'a' }], stop: Array(5).fill('a') },
    '<=4 items',
  ],
])('names the bound of a list to %s', async (path, body, bound) => {
  const answer = await client.request<ErrorAnswer>('POST', path, body);
  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toContain(bound);
});

describe('what is accepted, cannot be read, and becomes a dead letter with its reason', () => {
  it.each(badDocuments())('%s', { timeout: 60_000 }, async (what, filename, bytes, codes) => {
    const id = `bad/${what.replaceAll(/\W+/g, '-')}`;
    const answer = await client.upload(id, filename, bytes);
    if (answer.status !== 202) {
      expect(codes).toContain((answer.body as unknown as ErrorAnswer).error.code);
      return;
    }
    const status = await client.waitFor(id, 'dead-lettered', 60);
    expect(status.state).toBe('dead-lettered');
    expect(codes).toContain(status.reason?.code);
  });
});

describe('afterwards', () => {
  it('a connection that breaks off mid-body harms nobody', async () => {
    const { port } = new URL(server.url);
    await new Promise<void>((resolve) => {
      const socket = createConnection(Number(port), '127.0.0.1', () => {
        socket.write(
          'PUT /v1/documents/cut HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"text"',
        );
        socket.destroy();
      });
      socket.on('close', () => resolve());
    });
    expect((await client.status('cut')).status).toBe(404);
  });

  it('the same process still works', async () => {
    expect((await client.request('GET', '/health/ready')).status).toBe(200);
    await client.put('after', { text: 'Life goes on by the weir.' });
    expect(await client.waitFor('after', 'indexed')).toMatchObject({ state: 'indexed' });
    expect((await client.search('life by the weir'))[0]).toMatchObject({ document_id: 'after' });
  });

  /** Bodies of 100 MB came, archives that hold ten times that, and audio, whose models stay. */
  it('memory has returned', { timeout: 60_000 }, async () => {
    await until(() => expect(treeMegabytes(server.pid)).toBeLessThan(megabytes + 400), 45_000);
  });
});
