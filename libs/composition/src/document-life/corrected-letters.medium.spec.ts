import { jobs } from '@millrace/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { anEvent, structured } from './cloud-event-records.ts';
import { Mill } from './mill.ts';

let mill: Mill;
beforeAll(async () => {
  mill = await Mill.start();
});
afterAll(() => mill.stop());

const eventually = <T>(assertion: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(assertion, { timeout: 20_000, interval: 20 });

const text = (said: unknown) => anEvent('upsert', { data: { text: said } });
const names = (kind: string) => Array.from({ length: 60 }, (_, n) => `${kind}-${n}`);
const lettersOf = async (kind: string) =>
  (await mill.registry.deadLetters.page({ limit: 1000 })).filter(({ document }) =>
    document?.startsWith(kind),
  );
const letterOf = async (document: string) =>
  (await mill.registry.deadLetters.page({ limit: 1000 })).find(
    ({ subject }) => subject?.document === document,
  );

const correct = async (id: string, said: string): Promise<void> => {
  const corrections = [{ id, event: text(said) }];
  expect(await mill.request('POST', '/v1/admin/replay', { corrections })).toMatchObject({
    status: 200,
    body: { replayed: [id] },
  });
};

/** All that was pushed and sent again has been worked on. */
const settled = (): Promise<void> =>
  eventually(async () => {
    expect(await mill.registry.outbox.pending(1)).toEqual([]);
    const lag = await mill.log.lag('ingestion.documents', ['documents.v1']);
    expect(lag.map(({ records }) => records)).toEqual([0]);
  });

const lettersRead = (): Promise<void> =>
  eventually(async () => {
    const lag = await mill.log.lag('ingestion.progress', ['documents.v1.dlq']);
    expect(lag.map(({ records }) => records)).toEqual([0]);
  });

describe('a corrected event', () => {
  it('never undoes what came right behind it', async () => {
    const all = names('mended');
    await mill.log.publish(
      all.flatMap((name) => [structured(name, text(5)), structured(name, text(`${name} as it is now.`))]),
    );
    const letters = await eventually(async () => {
      const found = await lettersOf('mended');
      expect(found).toHaveLength(all.length);
      return found;
    });
    for (const { id } of letters) await correct(id, 'As it was.');
    await settled();
    for (const name of all)
      expect((await mill.registry.documents.status('default', name))?.version, name).toBe(1);
  });

  it('is gone with the content it holds when its document is deleted right behind it', async () => {
    const all = names('erased');
    await mill.log.publish(
      all.flatMap((name) => [
        structured(name, text('Good.')),
        structured(name, text(5)),
        structured(name, anEvent('delete')),
      ]),
    );
    for (const name of all) await mill.waitFor(name, 'deleted');
    await settled();
    await eventually(async () => expect(await lettersOf('erased')).toEqual([]));
  });

  it('stands behind what is in the log a second time, too, and goes with a delete that is', async () => {
    const [mended, erased] = [names('order'), names('burnt')].map((all) => all.slice(0, 10));
    const records = [
      ...mended!.flatMap((name) => [structured(name, text(5)), structured(name, text(`${name}.`))]),
      ...erased!.flatMap((name) => [structured(name, text(5)), structured(name, anEvent('delete'))]),
    ];
    await mill.log.publish([...records, ...records]);
    await settled();
    await lettersRead();
    for (const { id } of await lettersOf('order')) await correct(id, 'As it was.');
    await settled();
    for (const name of mended!)
      expect((await mill.registry.documents.status('default', name))?.version, name).toBe(1);
    for (const name of erased!) await mill.waitFor(name, 'deleted');
    expect(await lettersOf('burnt')).toEqual([]);
  });

  it('is gone when it is sent as it was, and fails again behind a delete', async () => {
    await mill.log.publish([structured('sent', text(5))]);
    const [letter] = await eventually(async () => {
      const found = await lettersOf('sent');
      expect(found).toHaveLength(1);
      return found;
    });
    await mill.put('sent', 'Good.');
    await mill.waitFor('sent', 'indexed');
    // What comes first keeps the replay waiting until the delete is done.
    await mill.log.publish(names('before').map((name) => structured(name, text(`${name}.`))));
    await mill.request('POST', '/v1/admin/replay', { ids: [letter!.id] });
    await mill.request('DELETE', '/v1/documents/sent');
    await mill.waitFor('sent', 'deleted');
    await settled();
    await lettersRead();
    expect(await lettersOf('sent')).toEqual([]);
  });

  it('takes no later letter along when it is a delete', async () => {
    await mill.log.publish([structured('later', text(5)), structured('later', text(6))]);
    const [second, first] = await eventually(async () => {
      const found = await lettersOf('later');
      expect(found).toHaveLength(2);
      return found;
    });
    const corrections = [{ id: first!.id, event: anEvent('delete') }];
    await mill.request('POST', '/v1/admin/replay', { corrections });
    await settled();
    await mill.waitFor('later', 'deleted');
    expect((await lettersOf('later')).map(({ id }) => id)).toEqual([second!.id]);
  });

  it('is gone too when its document is pushed anew right behind the delete, and by a second delete', async () => {
    const all = names('anew');
    await mill.log.publish(
      all.flatMap((name) => [
        ...[structured(name, text('Good.')), structured(name, text(5)), structured(name, anEvent('delete'))],
        structured(name, text('New.')),
      ]),
    );
    const twice = names('again').slice(0, 10);
    await mill.log.publish(
      twice.flatMap((name) => [
        ...[structured(name, text('Good.')), structured(name, anEvent('delete'))],
        ...[structured(name, text(5)), structured(name, anEvent('delete'))],
      ]),
    );
    for (const name of twice) await mill.waitFor(name, 'deleted');
    await settled();
    await lettersRead();
    expect([...(await lettersOf('anew')), ...(await lettersOf('again'))]).toEqual([]);
  });

  it('that fails again can be corrected again', async () => {
    mill.stages.fail(jobs.embedChunks, 'twice');
    await mill.log.publish([structured('twice', text('The same.'))]);
    const letterSince = (time: number) =>
      eventually(async () => {
        const found = await letterOf('twice');
        expect(found?.at).toBeGreaterThan(time);
        return found!;
      });
    const first = await letterSince(0);
    mill.stages.fail(jobs.embedChunks, 'twice');
    await correct(first.id, 'The same.');
    const second = await letterSince(first.at);
    expect(second.id).toBe(first.id);
    await correct(second.id, 'Better.');
    await eventually(async () =>
      expect(await mill.registry.documents.status('default', 'twice')).toMatchObject({
        ...{ state: 'indexed', version: 2 },
      }),
    );
  });
});
