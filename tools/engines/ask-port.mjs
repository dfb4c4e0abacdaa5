import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * Sends one question to a port of the loopback address and resolves with the first bytes of the answer.
 * @param {number} port
 * @param {string | Uint8Array} question
 * @returns {Promise<Buffer>}
 */
export async function askPort(port, question) {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    socket.write(question);
    const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    if (Buffer.isBuffer(answer)) return answer;
    throw new Error('the connection was closed without an answer');
  } finally {
    socket.destroy();
  }
}
