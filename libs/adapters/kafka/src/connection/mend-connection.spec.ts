import { EventEmitter } from 'node:events';
import Connection from 'kafkajs/src/network/connection.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mendConnections } from './mend-connection.ts';

/** What kafkajs uses of a socket. */
class FakeSocket extends EventEmitter {
  readonly end = vi.fn();
  readonly unref = vi.fn();
  readonly destroy = vi.fn((error?: Error) => {
    if (error) this.emit('error', error);
  });
}

const halfAnswer = Buffer.concat([Buffer.from([0, 0, 0, 100]), Buffer.alloc(10)]);

describe('a mended connection of kafkajs', () => {
  mendConnections();
  let sockets: FakeSocket[];
  let onConnects: (() => void)[];
  let connection: InstanceType<typeof Connection>;
  const connected = async (): Promise<FakeSocket> => {
    const connecting = connection.connect();
    await vi.waitFor(() => expect(onConnects).toHaveLength(1));
    onConnects.pop()!();
    await connecting;
    return sockets.at(-1)!;
  };

  beforeEach(() => {
    sockets = [];
    onConnects = [];
    const log = { debug: () => undefined, error: () => undefined, warn: () => undefined };
    connection = new Connection({
      ...{ host: 'nowhere', port: 1, connectionTimeout: 60_000, requestTimeout: 60_000 },
      logger: { namespace: () => log },
      socketFactory: ({ onConnect }: { onConnect: () => void }) => {
        onConnects.push(onConnect);
        sockets.push(new FakeSocket());
        return sockets.at(-1);
      },
    });
  });

  it('is made once for all that ask at the same time', async () => {
    const first = connection.connect();
    const second = connection.connect();
    await vi.waitFor(() => expect(sockets).toHaveLength(1));
    onConnects[0]!();
    await Promise.all([first, second]);
    expect(sockets).toHaveLength(1);
    await connection.disconnect();
  });

  it('begins with nothing of the one before', async () => {
    const first = await connected();
    first.emit('data', halfAnswer);
    expect(connection.bytesBuffered).toBe(halfAnswer.byteLength);
    first.emit('end');
    await vi.waitFor(() => expect(first.destroy).toHaveBeenCalled());
    await connected();
    expect(connection.bytesBuffered).toBe(0);
    expect(sockets).toHaveLength(2);
    await connection.disconnect();
  });

  it('gives up a socket that it cannot read', async () => {
    const socket = await connected();
    connection.bytesNeeded = 1;
    socket.emit('data', Buffer.from([1]));
    await vi.waitFor(() => expect(connection.isConnected()).toBe(false));
    expect(socket.destroy).toHaveBeenCalledWith(expect.any(RangeError));
  });

  it('does not wait without end for one that ends while it is made', async () => {
    const connecting = connection.connect();
    await vi.waitFor(() => expect(sockets).toHaveLength(1));
    sockets[0]!.emit('end');
    await expect(connecting).rejects.toMatchObject({ name: 'KafkaJSConnectionError' });
  });
});
