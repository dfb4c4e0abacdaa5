import { askPort } from '../ask-port.mjs';

/** Metadata, version 1, of no topics: kafka.apache.org/protocol. */
const request = (() => {
  const body = Buffer.alloc(14);
  body.writeInt16BE(3, 0);
  body.writeInt16BE(1, 2);
  body.writeInt32BE(0, 4);
  body.writeInt16BE(-1, 8);
  body.writeInt32BE(0, 10);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
})();

/** In the answer, behind its size and its number. */
const countAt = 8;

/**
 * How many brokers take part. A port that is open is not enough: a broker that the controller has not let in yet has no
 * leaders for its partitions and refuses new topics.
 * @param {number} port
 */
export async function brokersAt(port) {
  const answer = await askPort(port, request);
  return answer.length < countAt + 4 ? 0 : answer.readInt32BE(countAt);
}
