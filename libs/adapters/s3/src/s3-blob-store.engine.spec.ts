import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Line, blobStoreConformance, engine, noEngine, text, unique, until, utf8 } from '@millrace/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { S3BlobStore, type S3BlobStoreOptions } from './s3-blob-store.ts';

const s3 = engine('s3');
const patienceMs = 20_000;

const newPrefix = (): string => `${unique('test')}/`;

async function withoutTrace(store: S3BlobStore): Promise<void> {
  for (const key of await store.list('', undefined, 10_000)) await store.delete(key);
  await store.close();
}

describe('on an S3 server', () => {
  beforeEach((context) => context.skip(!s3, noEngine('s3')));

  blobStoreConformance('S3BlobStore', async () => {
    const options = { ...s3!, prefix: newPrefix(), maxBytes: 8 * 1024 * 1024 };
    const stores: S3BlobStore[] = [];
    return {
      open: async () => {
        const store = await S3BlobStore.open(options);
        stores.push(store);
        return store;
      },
      dispose: async () => {
        for (const [index, store] of stores.entries())
          await (index === 0 ? withoutTrace(store) : store.close());
      },
    };
  });
});

describe('S3BlobStore', () => {
  let line: Line;
  let options: S3BlobStoreOptions;
  let store: S3BlobStore;

  beforeEach(async (context) => {
    if (!s3) return context.skip(noEngine('s3'));
    const { hostname: host, port } = new URL(s3.endpoint);
    line = await Line.to({ host, port: Number(port) });
    options = { ...s3, endpoint: line.through(s3.endpoint), prefix: newPrefix(), stallMs: 2_000 };
    store = await S3BlobStore.open(options);
    return async () => {
      await store.close();
      await line.close();
      await withoutTrace(await S3BlobStore.open({ ...options, endpoint: s3.endpoint, stallMs: 10_000 }));
    };
  });

  const timed = async <T>(run: () => Promise<T>): Promise<[T, number]> => {
    const before = performance.now();
    return [await run(), performance.now() - before];
  };
  const codes = async (calls: readonly Promise<unknown>[]): Promise<unknown[]> =>
    (await Promise.allSettled(calls)).map((call) =>
      call.status === 'rejected' ? (call.reason as { code?: string }).code : 'done',
    );

  it.each(['cut', 'silence'] as const)(
    'rejects, soon, while the server is away (%s), and recovers',
    async (fails) => {
      await store.put('a', utf8('a'));
      line[fails]();
      const [answers, ms] = await timed(() =>
        codes([
          ...[
            store.put('b', utf8('b')),
            store.putIfAbsent('c', utf8('c')),
            store.get('a'),
            store.delete('a'),
          ],
          ...[store.list(''), store.deleteAll('x/')],
        ]),
      );
      expect(new Set(answers)).toEqual(new Set(['dependency_unavailable']));
      expect(ms).toBeLessThan(15_000);
      const [healthy, healthMs] = await timed(() => store.healthy());
      expect([healthy, healthMs < 2_000]).toEqual([false, true]);
      line.restore();
      await until(async () => expect(await store.healthy()).toBe(true), patienceMs);
      expect(text(await store.get('a'))).toBe('a');
    },
  );

  it('takes a burst of many more requests than it has connections', async () => {
    const patient = await S3BlobStore.open({ ...options, stallMs: 10_000 });
    const keys = Array.from({ length: 400 }, (_, n) => `burst/${n}`);
    await Promise.all(keys.map((key) => patient.put(key, utf8(key))));
    expect((await Promise.all(keys.map((key) => patient.get(key)))).map(text)).toEqual(keys);
    expect(await patient.deleteAll('burst/')).toBe(400);
    await patient.close();
  });

  it('leaves no trace of its check, and keeps apart under prefixes', async () => {
    expect(await store.list('')).toEqual([]);
    const other = await S3BlobStore.open({ ...options, prefix: newPrefix() });
    await store.put('a/b', utf8('mine'));
    expect(await other.get('a/b')).toBeUndefined();
    expect(await other.deleteAll('a/')).toBe(0);
    expect(await store.list('')).toEqual(['a/b']);
    await other.close();
  });

  it('has one winner among two stores', async () => {
    const other = await S3BlobStore.open(options);
    for (let round = 0; round < 10; round++) {
      const puts = Array.from({ length: 8 }, (_, n) =>
        (n % 2 ? store : other).putIfAbsent(`r${round}`, utf8(`${n}`)),
      );
      const won = await Promise.all(puts);
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(text(await store.get(`r${round}`))).toBe(`${won.indexOf(true)}`);
    }
    await other.close();
  });

  it('tells what is wrong with bucket or key, and never the secret', async () => {
    const wrong = [
      { ...options, bucket: 'no-such-bucket-here' },
      { ...options, secretKey: 'planted-secret' },
      { ...options, accessKey: 'planted-access' },
    ];
    for (const one of wrong) {
      const error: unknown = await S3BlobStore.open(one).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'dependency_unavailable',
        detail: /NoSuchBucket|Signature|AccessKey/,
      });
      expect(everythingIn(error)).not.toMatch(/planted|millracesecret/);
    }
  });
});

describe('S3BlobStore and servers that misbehave', () => {
  /** An S3 server that answers as told. */
  async function serverThat(answer: (method: string, call: number) => number | 'lose'): Promise<{
    server: Server;
    store: Promise<S3BlobStore>;
  }> {
    const objects = new Map<string, string>();
    let calls = 0;
    const server = createServer((request, response) => {
      const path = request.url!.split('?')[0]!;
      const told = answer(request.method!, ++calls);
      if (request.method === 'PUT' && (told === 200 || told === 'lose'))
        objects.set(path, String(request.headers['x-amz-meta-millrace-write']));
      request.resume().on('end', () => {
        if (told === 'lose') return request.socket.destroy();
        const tag = objects.get(path);
        if (request.method === 'HEAD' && tag) response.setHeader('x-amz-meta-millrace-write', tag);
        response.writeHead(told).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const store = S3BlobStore.open({
      ...{ endpoint, region: 'us-east-1', bucket: 'b', accessKey: 'k', secretKey: 's' },
    });
    return { server, store };
  }

  it('refuses one that ignores conditional writes', async () => {
    const { server, store } = await serverThat(() => 200);
    await expect(store).rejects.toThrow(/ignores conditional writes/);
    server.close();
  });

  /** The check at the opening: four puts, of which one wins, and a delete. */
  const opening = 5;
  const honest = (call: number): number => (call === 1 || call === opening ? 200 : 412);

  it('knows its own write again when the answer to it was lost', async () => {
    const { server, store } = await serverThat((method, call) => {
      if (call <= opening) return honest(call);
      if (method === 'HEAD') return 200;
      return call === opening + 1 ? 'lose' : 412;
    });
    expect(await (await store).putIfAbsent('a', utf8('a'))).toBe(true);
    server.close();
  });

  it.each([
    [507, 'storage_full'],
    [500, 'dependency_unavailable'],
    [503, 'dependency_unavailable'],
    [403, 'dependency_unavailable'],
  ])('takes an answer %i for %s', async (status, code) => {
    const { server, store } = await serverThat((_, call) => (call <= opening ? honest(call) : status));
    await expect((await store).put('a', utf8('a'))).rejects.toMatchObject({ code });
    server.close();
  });

  it('is not well while writes fail, though all else is answered, and asks by a write only then', async () => {
    const asked: string[] = [];
    let full = false;
    const { server, store } = await serverThat((method, call) => {
      if (call <= opening) return honest(call);
      asked.push(method);
      return full && method === 'PUT' ? 507 : 200;
    });
    const blobs = await store;
    expect(await blobs.healthy()).toBe(true);
    expect(asked).toEqual(['HEAD']);
    full = true;
    await expect(blobs.put('a', utf8('a'))).rejects.toMatchObject({ code: 'storage_full' });
    expect(await blobs.healthy()).toBe(false);
    full = false;
    expect(await blobs.healthy()).toBe(true);
    expect(asked.slice(-3)).toEqual(['HEAD', 'PUT', 'DELETE']);
    expect(await blobs.healthy()).toBe(true);
    expect(asked.at(-1)).toBe('HEAD');
    server.close();
  });
});

/** Messages, stacks and fields of an error and of what caused it. */
const everythingIn = (error: unknown): string =>
  error instanceof Error
    ? [error.stack, JSON.stringify(error), everythingIn(error.cause)].join('\n')
    : String(error);
