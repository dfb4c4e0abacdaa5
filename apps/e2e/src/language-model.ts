import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

interface ChatBody {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { role: string; content: string }[];
}

/** An OpenAI-compatible server on loopback that answers what the test tells it to, in the pieces it is told. */
export class LanguageModel {
  readonly requests: ChatBody[] = [];
  /** Requests whose connection the caller closed before the end. */
  aborted = 0;
  /** The pieces of the next answers. */
  pieces: readonly string[] = ['Hello', ' there', '.'];
  /** Sends this many pieces, then closes the connection without an end. */
  cutAfter: number | undefined;
  /** Sends the first piece and then nothing. */
  stall = false;
  /** Sent as it is before the pieces. */
  delta: object | undefined;
  /** The status of the next answers, each with an error for a body. */
  refusal: number | undefined;

  private constructor(
    private readonly server: HttpServer,
    readonly url: string,
  ) {}

  static async start(): Promise<LanguageModel> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const model = new LanguageModel(server, `http://127.0.0.1:${port}/v1`);
    server.on(
      'request',
      (request: IncomingMessage, response: ServerResponse) => void model.handle(request, response),
    );
    return model;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.endsWith('/models')) {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          object: 'list',
          data: [{ id: 'test-model', object: 'model', created: 1, owned_by: 'test' }],
        }),
      );
      return;
    }
    let text = '';
    for await (const part of request) text += String(part);
    const body = JSON.parse(text) as ChatBody;
    this.requests.push(body);
    response.on('close', () => {
      if (!response.writableFinished) this.aborted += 1;
    });
    if (this.refusal)
      return void response.writeHead(this.refusal).end('{"error":{"message":"the context is too long"}}');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const frame = (choice: object, more: object = {}) =>
      response.write(
        `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: body.model, choices: [choice], ...more })}\n\n`,
      );
    frame({ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null });
    if (this.delta) frame({ index: 0, delta: this.delta, finish_reason: null });
    for (const [sent, content] of this.pieces.entries()) {
      if (this.cutAfter === sent) return void response.destroy();
      frame({ index: 0, delta: { content }, finish_reason: null });
      if (this.stall) return;
      await new Promise(setImmediate);
    }
    frame({ index: 0, delta: {}, finish_reason: 'stop' });
    response.write(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: body.model, choices: [], usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 } })}\n\n`,
    );
    response.end('data: [DONE]\n\n');
  }
}
