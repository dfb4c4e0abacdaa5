import { getPriority, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { EmbedderHello, EmbedderReply, EmbedderRequest, EmbedderStart } from './embedding/protocol.ts';
import { EncoderModel } from './embedding/encoder-model.ts';
import { openVerified } from './embedding/open-verified.ts';
import { serveParent } from './process/serve.ts';

/** Of the content of the model's file there are two copies by now, each as large as the model itself. */
async function letGoOfFile(): Promise<void> {
  globalThis.gc?.();
  await pause(50); // given back by another thread
}

let model: EncoderModel | undefined;
let dims = 0;

/** Turns token ids into vectors. Ends when a run fails: the parent then knows which text to try alone. */
serveParent<EmbedderStart, EmbedderHello, EmbedderRequest, EmbedderReply>({
  async start(options) {
    setPriority(Math.max(options.niceness, getPriority()));
    model = await openVerified(options.file, options.sha256, () => EncoderModel.open(options));
    dims = options.manifest.dims;
    await letGoOfFile();
    return { provider: model.provider, runTokens: model.runTokens, bytes: process.memoryUsage.rss() };
  },
  async handle({ ids, lengths }) {
    if (!model) throw new Error('asked before the start');
    let from = 0;
    const texts = lengths.map((length) => ids.subarray(from, (from += length)));
    const vectors = new Float32Array(lengths.length * dims);
    for (const [row, vector] of (await model.embedAll(texts)).entries()) vectors.set(vector, row * dims);
    return { vectors, bytes: process.memoryUsage.rss() };
  },
});
