import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { openSession, type Provider } from '../runtime/session.ts';
import { SAMPLE_RATE, type Alive } from './audio/decode-recording.ts';

/** Samples judged at a time, 32 ms. */
export const FRAME = 512;
/** The model must see the end of the frame before; without it, it hears nothing. */
const CONTEXT = 64;
const STATE_SHAPE = [2, 1, 128] as const;
const STATE_SIZE = 256;

/** Silero VAD v6: how likely each frame of 512 samples is speech. */
export class VoiceActivity {
  private constructor(private readonly session: InferenceSession) {}

  static async open(file: string, providers: readonly Provider[]): Promise<VoiceActivity> {
    const trial = (session: InferenceSession): Promise<unknown> =>
      new VoiceActivity(session).judge(new Float32Array(FRAME), () => undefined);
    return new VoiceActivity((await openSession(() => file, providers, trial)).session);
  }

  /** One probability a frame; the last frame is filled up with silence. */
  async judge(samples: Float32Array, alive: Alive): Promise<Float32Array> {
    const probabilities = new Float32Array(Math.ceil(samples.length / FRAME));
    const sr = new Tensor('int64', [BigInt(SAMPLE_RATE)], []);
    let state: Tensor = new Tensor('float32', new Float32Array(STATE_SIZE), STATE_SHAPE);
    for (let frame = 0; frame < probabilities.length; frame++) {
      const input = new Tensor('float32', window(samples, frame * FRAME), [1, CONTEXT + FRAME]);
      const { output, stateN } = await this.session.run({ input, state, sr });
      probabilities[frame] = (output!.data as Float32Array)[0]!;
      state = stateN!;
      alive();
    }
    return probabilities;
  }
}

function window(samples: Float32Array, start: number): Float32Array {
  const piece = new Float32Array(CONTEXT + FRAME);
  const from = Math.max(0, start - CONTEXT);
  piece.set(samples.subarray(from, start + FRAME), CONTEXT - (start - from));
  return piece;
}
