import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { MillraceError, type ErrorCode } from '@millrace/contracts';
import { v7 as uuid } from 'uuid';
import { errorBody } from './error-answer.ts';

/** Node's codes for what never became a request; any other is `malformed_http`. */
const codes: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** What cannot be read as HTTP reaches no route: it is answered on the bare connection, in the shape of all errors. */
export function answerMalformed({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  answerBare(new MillraceError(codes[code] ?? 'malformed_http'), socket);
}

/** Node hands these past the routes: it would close one without a word, and refuse the other without a body. */
export function answerOddRequests(server: Server): void {
  server.on('connect', (_, socket) => answerBare(new MillraceError('method_not_allowed'), socket));
  // Whoever expects more than `100-continue` may be served as if it did not (RFC 9110, section 10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

function answerBare(error: MillraceError, socket: Duplex): void {
  const requestId = uuid();
  const body = JSON.stringify(errorBody(error, requestId));
  const head = [
    `HTTP/1.1 ${error.spec.status} ${error.code}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** HTTP/1.1 wants one Host (RFC 9112, section 3.2); Node's own refusal of a request without has no body, and of two it takes the first. */
export function refuseUnclearHost({ httpVersion, rawHeaders }: IncomingMessage): void {
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1) throw new MillraceError('malformed_http', { detail: 'there are several Host headers' });
  if (hosts === 0 && httpVersion === '1.1')
    throw new MillraceError('malformed_http', { detail: 'the Host header is missing' });
}
