import { join } from 'node:path';
import llamaTokenizer from 'llama-tokenizer-js';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { TranscriptionManifest } from '../catalogue/entry.ts';
import { openSession, type Provider } from '../runtime/session.ts';
import { SAMPLE_RATE } from './audio/decode-recording.ts';
import { isLatin, repeatsItself, withoutRepeats } from './decoding-guards.ts';

const START = 1;
const END = 2;
/** Ids from here on are not text. */
const FIRST_NON_TEXT = 32_000;
/** Nobody says more; a decoder that has lost the thread does. */
const TOKENS_PER_SECOND = 6.5;
/** The encoder is at its best from here on, and fails below 895 samples. */
const SHORTEST = 0.4 * SAMPLE_RATE;

type Tensors = Record<string, Tensor>;

/** Moonshine (Jeffries et al., arXiv 2410.15608): speech at 16 kHz to text, greedy, with a key-value cache. */
export class Moonshine {
  private constructor(
    private readonly encoder: InferenceSession,
    private readonly decoder: InferenceSession,
    private readonly manifest: TranscriptionManifest,
  ) {}

  static async open(
    dir: string,
    manifest: TranscriptionManifest,
    providers: readonly Provider[],
  ): Promise<{ model: Moonshine; provider: Provider }> {
    const silence = new Float32Array(SHORTEST);
    const encoder = await openSession(
      () => join(dir, 'encoder.onnx'),
      providers,
      (session) => encode(session, silence),
    );
    const hidden = await encode(encoder.session, silence);
    const { session } = await openSession(
      () => join(dir, 'decoder.onnx'),
      [encoder.provider],
      (decoder) => decoder.run(firstFeeds(hidden, manifest)),
    );
    return { model: new Moonshine(encoder.session, session, manifest), provider: encoder.provider };
  }

  /** The words of one stretch of speech of at most 15 s; empty when what comes out cannot be what was said. */
  async transcribe(speech: Float32Array): Promise<string> {
    const samples = speech.length < SHORTEST ? lengthened(speech) : speech;
    const cap = Math.max(4, Math.ceil((samples.length / SAMPLE_RATE) * TOKENS_PER_SECOND));
    const ids = withoutRepeats(await this.decode(await encode(this.encoder, samples), cap));
    const words = ids.filter((id) => id > END && id < FIRST_NON_TEXT);
    const text = llamaTokenizer.decode([START, ...words]).trim();
    return isLatin(text) ? text : '';
  }

  private async decode(hidden: Tensor, cap: number): Promise<number[]> {
    let outputs: Tensors = await this.decoder.run(firstFeeds(hidden, this.manifest));
    const spoken = this.crossAttention(outputs);
    // The voice detector heard speech: nothing at all is not an answer.
    const ids = [likeliest(outputs['logits']!, END)];
    while (ids.length < cap && !repeatsItself(ids)) {
      const feeds = { ...spoken, ...selfAttention(outputs), ...inputs(ids.at(-1)!, hidden, true) };
      outputs = await this.decoder.run(feeds, this.wanted);
      const next = likeliest(outputs['logits']!);
      if (next === END) break;
      ids.push(next);
    }
    return ids;
  }

  /** Keys and values of the audio: made in the first step, the same in all others. */
  private crossAttention(outputs: Tensors): Tensors {
    const names = this.decoder.outputNames.filter((name) => name.includes('.encoder.'));
    return Object.fromEntries(names.map((name) => [past(name), outputs[name]!]));
  }

  private get wanted(): string[] {
    return this.decoder.outputNames.filter((name) => !name.includes('.encoder.'));
  }
}

async function encode(session: InferenceSession, samples: Float32Array): Promise<Tensor> {
  const outputs = await session.run({ input_values: new Tensor('float32', samples, [1, samples.length]) });
  return outputs['last_hidden_state'] as Tensor;
}

const inputs = (id: number, hidden: Tensor, cached: boolean): Tensors => ({
  input_ids: new Tensor('int64', [BigInt(id)], [1, 1]),
  encoder_hidden_states: hidden,
  use_cache_branch: new Tensor('bool', [cached], [1]),
});

function firstFeeds(hidden: Tensor, { layers, heads, headDim }: TranscriptionManifest): Tensors {
  const empty = new Tensor('float32', new Float32Array(), [1, heads, 0, headDim]);
  const feeds = inputs(START, hidden, false);
  for (let layer = 0; layer < layers; layer++)
    for (const part of ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'])
      feeds[`past_key_values.${layer}.${part}`] = empty;
  return feeds;
}

const selfAttention = (outputs: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(outputs).flatMap(([name, tensor]) =>
      name.includes('.decoder.') ? [[past(name), tensor]] : [],
    ),
  );

const past = (present: string): string => present.replace('present', 'past_key_values');

function likeliest({ data }: Tensor, except = -1): number {
  const logits = data as Float32Array;
  let best = except === 0 ? 1 : 0;
  for (let id = 0; id < logits.length; id++) if (logits[id]! > logits[best]! && id !== except) best = id;
  return best;
}

function lengthened(speech: Float32Array): Float32Array {
  const samples = new Float32Array(SHORTEST);
  samples.set(speech);
  return samples;
}
