import type { Transcript } from '@millrace/ports';
import { decodeRecording, SAMPLE_RATE, type DecodeLimits } from './audio/decode-recording.ts';
import { gainFor } from './audio/level.ts';
import type { Moonshine } from './moonshine.ts';
import { speechRegions } from './speech-regions.ts';
import { FRAME, type VoiceActivity } from './voice-activity.ts';

/** A whole recording: decoded, brought to level, cut at pauses, each stretch of speech written down. */
export async function transcribeRecording(
  bytes: Uint8Array,
  limits: DecodeLimits,
  { speech, voice, language }: { speech: Moonshine; voice: VoiceActivity; language: string },
): Promise<Transcript> {
  const samples = await decodeRecording(bytes, limits);
  const gain = gainFor(samples.all);
  samples.all.forEach((value, at, all) => (all[at] = value * gain));
  const segments: Transcript['segments'][number][] = [];
  for (const { start, end } of speechRegions(await voice.judge(samples.all))) {
    const text = await speech.transcribe(samples.slice(start * FRAME, end * FRAME));
    if (text)
      segments.push({
        start: seconds(start),
        end: Math.min(seconds(end), samples.length / SAMPLE_RATE),
        text,
      });
  }
  const text = segments.map((segment) => segment.text).join(' ');
  return { text, duration: samples.length / SAMPLE_RATE, language, segments };
}

const seconds = (frame: number): number => (frame * FRAME) / SAMPLE_RATE;
