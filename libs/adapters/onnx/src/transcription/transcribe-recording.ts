import type { Transcript } from '@millrace/ports';
import { decodeRecording, SAMPLE_RATE, type Alive, type DecodeLimits } from './audio/decode-recording.ts';
import { gainFor } from './audio/level.ts';
import type { Moonshine } from './moonshine.ts';
import { speechRegions } from './speech-regions.ts';
import { FRAME, type VoiceActivity } from './voice-activity.ts';

export interface Models {
  readonly speech: Moonshine;
  readonly voice: VoiceActivity;
  readonly language: string;
}

/** A whole recording: decoded, brought to level, cut at pauses, each stretch of speech written down. */
export async function transcribeRecording(
  bytes: Uint8Array,
  limits: DecodeLimits,
  { speech, voice, language }: Models,
  alive: Alive,
): Promise<Transcript> {
  const samples = await decodeRecording(bytes, limits, alive);
  const gain = gainFor(samples.all);
  samples.all.forEach((value, at, all) => (all[at] = value * gain));
  const duration = samples.length / SAMPLE_RATE;
  const segments: Transcript['segments'][number][] = [];
  for (const { start, end } of speechRegions(await voice.judge(samples.all, alive))) {
    const text = await speech.transcribe(samples.slice(start * FRAME, end * FRAME));
    if (text) segments.push({ start: seconds(start), end: Math.min(seconds(end), duration), text });
    alive();
  }
  return { text: segments.map((segment) => segment.text).join(' '), duration, language, segments };
}

const seconds = (frame: number): number => (frame * FRAME) / SAMPLE_RATE;
