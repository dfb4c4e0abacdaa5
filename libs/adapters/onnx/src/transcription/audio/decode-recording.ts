import decode from 'audio-decode';
import { Refusal } from '../../process/refusal.ts';
import { DecoderComplaints } from './decoder-complaints.ts';
import { Resampler } from './resampler.ts';
import { SampleStore } from './sample-store.ts';
import { sniffFormat } from './sniff-format.ts';

export const SAMPLE_RATE = 16_000;

export interface DecodeLimits {
  /** Longest recording. */
  readonly maxSeconds: number;
  /** Milliseconds that decoding may take. */
  readonly decodeTimeoutMs: number;
}

/** Called now and then during long work. */
export type Alive = () => void;

/** Bytes decoded at a time: 4 kB of FLAC can be 200 MB of silence, and the limits are looked at in between. */
const SLICE_BYTES = 1 << 10;
/** Share of its slices that a recording may be damaged in: players bear with damage, and noise is no recording. */
const MOST_DAMAGED = 0.5;
const LOWEST_RATE = 4_000;
const HIGHEST_RATE = 192_000;

/** A WAV, FLAC or MP3 file as one channel at 16 kHz. Throws `unreadable_audio`, `audio_too_long`. */
export async function decodeRecording(
  bytes: Uint8Array,
  limits: DecodeLimits,
  alive: Alive,
): Promise<SampleStore> {
  const format = sniffFormat(bytes);
  if (!format) throw new Refusal('unreadable_audio', 'it begins like none of the formats');
  const recording = new Recording(limits);
  const decoder = await decode[format]();
  const complaints = new DecoderComplaints();
  let damaged = 0;
  const decoded = async (slice?: Uint8Array) => {
    const before = complaints.count;
    const piece = await complaints.during(() => decoder(slice));
    damaged += Number(complaints.count > before);
    return piece;
  };
  try {
    for (let at = 0; at < bytes.length; at += SLICE_BYTES, alive())
      // No Buffer: the decoder of WAV takes its `slice`, which is a view, for a copy at an even place.
      recording.add(await decoded(Uint8Array.from(bytes.subarray(at, at + SLICE_BYTES))));
    recording.add(await decoded());
    if (damaged * SLICE_BYTES > bytes.length * MOST_DAMAGED)
      throw new Refusal('unreadable_audio', 'most of the file is damaged');
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('unreadable_audio', complaintOf(error));
  } finally {
    decoder.free();
  }
  return recording.end();
}

/** Decoders trip over what is no recording: then their message is about themselves. */
const complaintOf = (error: unknown): string =>
  error instanceof Error && error.name === 'Error' ? error.message : 'the file is damaged';

/** Collects decoded pieces: mixed down, resampled, counted. */
class Recording {
  private readonly samples: SampleStore;
  private readonly deadline: number;
  private resampler: Resampler | undefined;
  private rate = 0;

  constructor(private readonly limits: DecodeLimits) {
    this.samples = new SampleStore(limits.maxSeconds * SAMPLE_RATE);
    this.deadline = performance.now() + limits.decodeTimeoutMs;
  }

  add({ channelData, sampleRate }: { channelData: Float32Array[]; sampleRate: number }): void {
    if (performance.now() > this.deadline) throw new Refusal('unreadable_audio', 'decoding takes too long');
    if (!channelData[0]?.length) return;
    this.tune(sampleRate);
    this.keep(this.resampler!.push(mixDown(channelData)));
  }

  end(): SampleStore {
    if (this.resampler) this.keep(this.resampler.flush());
    if (this.samples.length === 0) throw new Refusal('unreadable_audio', 'there is no sound in it');
    return this.samples;
  }

  /** Joined MP3 files may change their rate on the way. */
  private tune(rate: number): void {
    if (rate === this.rate) return;
    if (!(rate >= LOWEST_RATE && rate <= HIGHEST_RATE))
      throw new Refusal('unreadable_audio', `a sample rate of ${rate} Hz`);
    if (this.resampler) this.keep(this.resampler.flush());
    this.rate = rate;
    this.resampler = new Resampler(rate, SAMPLE_RATE);
  }

  private keep(samples: Float32Array): void {
    if (this.samples.length + samples.length > this.samples.capacity)
      throw new Refusal('audio_too_long', `the limit is ${this.limits.maxSeconds} s`);
    this.samples.append(samples);
  }
}

/** The mean of all channels; what cannot be a sample counts as silence. */
export function mixDown(channels: readonly Float32Array[]): Float32Array {
  const mono = new Float32Array(channels[0]!.length);
  for (const channel of channels)
    for (let at = 0; at < mono.length; at++) {
      const value = channel[at]!;
      if (Number.isFinite(value)) mono[at]! += value / channels.length;
    }
  return mono;
}
