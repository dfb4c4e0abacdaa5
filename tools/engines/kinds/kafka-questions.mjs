import { askPort } from '../ask-port.mjs';

/** The few questions that tell whether a broker serves, in Kafka's own words: kafka.apache.org/protocol. */

/**
 * How many brokers take part. A port that is open is not enough: a broker that the controller has not let in yet has no
 * leaders for its partitions and refuses new topics.
 * @param {number} port
 */
export async function brokersAt(port) {
  const noTopics = int32(0);
  const answer = await askPort(port, request({ key: 3, version: 1 }, noTopics));
  return answer.length < behindNumber + 4 ? 0 : answer.readInt32BE(behindNumber);
}

/** One group for each partition of the topic of offsets: Java's hash of the name, here 97 to 100, modulo 4. */
const groups = ['a', 'b', 'c', 'd'];

/**
 * Rejects until the broker answers for every consumer group. One that has just been started makes its topic of offsets
 * at the first question about a group, and refuses members until it has read it.
 * @param {number} port
 */
export async function servesGroupsAt(port) {
  for (const group of groups) {
    const found = await askPort(port, request({ key: 10, version: 0 }, string(group)));
    refuse(found.readInt16BE(behindNumber), 'it has not made its topic of offsets yet');
    const described = await askPort(port, request({ key: 15, version: 0 }, int32(1), string(group)));
    refuse(described.readInt16BE(behindNumber + 4), 'it is still reading its topic of offsets');
  }
}

function refuse(code, why) {
  if (code !== 0) throw new Error(`${why} (Kafka's error ${code})`);
}

/** Where an answer begins: behind its size and the number of the request. */
const behindNumber = 8;

/** With its size, a number that nobody looks at, and no name of a client. */
function request({ key, version }, ...body) {
  const parts = Buffer.concat([int16(key), int16(version), int32(0), int16(-1), ...body]);
  return Buffer.concat([int32(parts.length), parts]);
}

const string = (text) => Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);

function int16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
