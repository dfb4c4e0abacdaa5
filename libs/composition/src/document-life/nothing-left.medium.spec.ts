import { MillraceError } from '@millrace/contracts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anEvent, structured, utf8 } from './cloud-event-records.ts';
import { Mill } from './mill.ts';

let mill: Mill;
beforeEach(async () => {
  mill = await Mill.start();
});
afterEach(() => mill.stop());

const eventually = <T>(assertion: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(assertion, { timeout: 60_000, interval: 20 });
const away = (): Promise<never> => Promise.reject(new MillraceError('dependency_unavailable'));
const says = (value: Uint8Array, words: string): boolean => new TextDecoder().decode(value).includes(words);
const sources = async (): Promise<number> =>
  (await mill.blobNames()).filter((name) => name === 'source.json').length;
const upsert = (document: string, data: object) => structured(document, anEvent('upsert', { data }));

it('an erased document does not come back by a record that failed before, and is read again once it is mended', async () => {
  const { blobs } = mill;
  const put = blobs.put.bind(blobs);
  blobs.put = (key, value) => (says(value, 'Not now.') ? away() : put(key, value));
  const blob = 'inbox/default/late.txt';
  // In one partition: the batch of both is not committed.
  await mill.log.publish([upsert('x', { blob }), upsert('hold5', { text: 'Not now.' })]);
  const letters = () => mill.registry.deadLetters.page({ limit: 10 });
  await eventually(async () => expect(await letters()).toMatchObject([{ document: 'x' }]));
  await mill.put('x', 'Newer.');
  await mill.request('DELETE', '/v1/documents/x');
  await mill.waitFor('x', 'deleted');
  await put(blob, utf8('What was erased.'));
  mill = await mill.restart();
  await mill.waitFor('hold5', 'indexed', 60);
  expect(await mill.registry.documents.versions('default', 'x')).toMatchObject([{ operation: 'delete' }]);
}, 120_000);

it('a push that a delete refused leaves nothing, though the blob store fails as it is taken away', async () => {
  await mill.put('x', 'Before.');
  await mill.waitFor('x', 'indexed');
  const { blobs } = mill;
  const put = blobs.put.bind(blobs);
  const [began, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  blobs.put = async (key, value) => {
    if (says(value, 'Slow.')) {
      began.resolve();
      await go.promise;
    }
    return put(key, value);
  };
  const pushing = mill.put('x', 'Slow.');
  await began.promise;
  await mill.request('DELETE', '/v1/documents/x');
  await mill.waitFor('x', 'deleted');
  const failing = vi.spyOn(blobs, 'deleteAll').mockImplementation(away);
  go.resolve();
  expect((await pushing).status).toBe(503);
  expect(await sources()).toBe(1);
  failing.mockRestore();
  await mill.request('DELETE', '/v1/documents/x');
  expect(await sources()).toBe(0);
});

it('what cannot be registered for a while is stored once, however often it is tried', async () => {
  const accepting = vi.spyOn(mill.registry.documents, 'accept').mockImplementation(away);
  await mill.log.publish([upsert('x', { text: 'Patient.' })]);
  await eventually(() => expect(accepting.mock.calls.length).toBeGreaterThan(8));
  expect(await sources()).toBe(1);
  accepting.mockRestore();
  await mill.waitFor('x', 'indexed', 60);
  expect(await sources()).toBe(1);
}, 120_000);
