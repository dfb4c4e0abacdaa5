import { describe, expect, it } from 'vitest';
import { readFrames } from './event-stream.ts';

const stream = (pieces: readonly (string | Uint8Array)[], type = 'text/event-stream; charset=utf-8') =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces)
          controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
        controller.close();
      },
    }),
    { headers: { 'content-type': type } },
  );

const read = async (response: Response): Promise<unknown[]> => {
  const frames = [];
  for await (const frame of readFrames(response)) frames.push(frame);
  return frames;
};

describe('a stream of frames', () => {
  it('ends with [DONE]', async () => {
    expect(await read(stream(['data: {"a":1}\n\ndata: {"a":2}\n\ndata: [DONE]\n\n']))).toEqual([
      { a: 1 },
      { a: 2 },
    ]);
  });

  it('reads the same however it is cut, inside a letter as well', async () => {
    const whole = new TextEncoder().encode(': ping\ndata: {"a":"grün"}\r\n\r\ndata: [DONE]\n\n');
    const bytes = Array.from(whole, (byte) => Uint8Array.of(byte));
    expect(await read(stream(bytes))).toEqual([{ a: 'grün' }]);
  });

  it('that ends without [DONE] is an error, not an answer', async () => {
    await expect(read(stream(['data: {"a":1}\n\n']))).rejects.toThrow('broke off');
  });

  it('that ends with an error frame throws the words of the server', async () => {
    const frame = { error: { code: 'backend_error', message: 'The back end failed.', request_id: 'r-9' } };
    await expect(read(stream([`data: ${JSON.stringify(frame)}\n\n`]))).rejects.toThrow(
      'The back end failed. Request id: r-9.',
    );
  });

  it('with a frame that is not JSON is an error', async () => {
    await expect(read(stream(['data: {"a":\n\n']))).rejects.toThrow('cannot be read');
  });

  it('is expected to be one', async () => {
    await expect(read(stream(['{}'], 'application/json'))).rejects.toThrow('Is it a Millrace?');
  });
});
