import errors from 'kafkajs/src/errors.js';
import Connection, { type Connection as Mended } from 'kafkajs/src/network/connection.js';

interface Connecting {
  readonly outcome: Promise<unknown>;
  readonly fail: (error: Error) => void;
}

/** The length that stands before each answer. */
const lengthBytes = 4;

let mended = false;

/**
 * kafkajs 2.2.4 lets several sockets feed one connection: when callers connect at the same time, and when a cut one is made
 * anew while half an answer of the last one is still kept. What it then reads as lengths are not, until it throws where
 * nobody can catch it, and the process ends (tulios/kafkajs #715; our tests met it). With this a connection has one socket
 * at a time, begins each with nothing kept, and gives up one that cannot be read.
 */
export function mendConnections(): void {
  if (mended) return;
  mended = true;
  const { prototype } = Connection;
  const { connect, disconnect, processData } = prototype;
  const connecting = new WeakMap<Mended, Connecting>();
  const leaving = new WeakMap<Mended, Promise<unknown>>();

  prototype.connect = function () {
    if (this.isConnected()) return connect.call(this);
    const known = connecting.get(this);
    if (known) return known.outcome;
    const { promise: given, reject: fail } = Promise.withResolvers<never>();
    const made = Promise.resolve(leaving.get(this)).then(() => {
      forgetHalfAnswer(this);
      return connect.call(this);
    });
    const outcome = Promise.race([made, given]).finally(() => connecting.delete(this));
    connecting.set(this, { outcome, fail });
    return outcome;
  };

  prototype.disconnect = async function () {
    const { socket } = this;
    const attempt = connecting.get(this);
    const left = disconnect.call(this).finally(() => leaving.delete(this));
    leaving.set(this, left);
    try {
      return await left;
    } finally {
      socket?.destroy();
      // One that ends before it was made would be waited for without end; kafkajs's own reason goes first.
      setImmediate(() => attempt?.fail(endedEarly(this)));
    }
  };

  prototype.processData = function (data) {
    try {
      processData.call(this, data);
    } catch (error) {
      this.socket?.destroy(error as Error);
    }
  };
}

function forgetHalfAnswer(connection: Mended): void {
  connection.chunks = [];
  connection.bytesBuffered = 0;
  connection.bytesNeeded = lengthBytes;
}

const endedEarly = ({ broker }: Mended): Error =>
  new errors.KafkaJSConnectionError('Connection error: ended before it was made', { broker });
