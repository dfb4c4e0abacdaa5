import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A language model that speaks OpenAI's API and keeps time: one short word every so often, whatever is asked. */
export const pace = { deltas: 64, everyMs: 20 };

const word = (n: number): string => `word${n} `;

/** All that it says. */
export const expectedText = Array.from({ length: pace.deltas }, (_, n) => word(n + 1)).join('');

/** Runs until the runner ends; tells it the port. */
export function runPacedModel(): void {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => (request.url?.endsWith('/models') ? listModels(response) : stream(response)));
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.on('disconnect', () => process.exit(0));
}

function listModels(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      object: 'list',
      data: [{ id: 'paced', object: 'model', created: 0, owned_by: 'bench' }],
    }),
  );
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  const timer = setInterval(() => {
    if (sent++ < pace.deltas) return void response.write(frame({ content: word(sent) }, null));
    clearInterval(timer);
    response.end(`${frame({}, 'stop')}data: [DONE]\n\n`);
  }, pace.everyMs);
  response.on('close', () => clearInterval(timer));
}

const frame = (delta: object, finish_reason: string | null): string =>
  `data: ${JSON.stringify({
    id: 'paced',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'paced',
    choices: [{ index: 0, delta, finish_reason }],
  })}\n\n`;
