import { readFile } from 'node:fs/promises';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Server } from './harness.ts';

const clip = (name: string) => new URL(`../../../libs/adapters/onnx/fixtures/${name}`, import.meta.url);

describe('a recording', () => {
  let server: Server;
  let openai: OpenAI;
  beforeAll(async () => {
    server = await Server.start();
    openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'unused', maxRetries: 0 });
  });
  afterAll(() => server.stop());

  const transcribe = async (name: string, format: 'json' | 'srt' | 'vtt' | 'verbose_json') =>
    openai.audio.transcriptions.create({
      file: await toFile(await readFile(clip(name)), name),
      model: 'whisper-1',
      response_format: format,
    });

  it('becomes text through OpenAI’s client', async () => {
    const { text } = (await transcribe('one-sentence.flac', 'json')) as { text: string };
    expect(text.split(' ').length).toBeGreaterThan(3);
  });

  it('becomes subtitles with times', async () => {
    expect(await transcribe('two-sentences.mp3', 'srt')).toMatch(
      /^1\n00:00:\d\d,\d{3} --> 00:00:\d\d,\d{3}\n\w/,
    );
    expect(await transcribe('two-sentences.mp3', 'vtt')).toMatch(/^WEBVTT\n\n00:00/);
    const verbose = (await transcribe('two-sentences.mp3', 'verbose_json')) as unknown as {
      duration: number;
      segments: { start: number; end: number }[];
    };
    expect(verbose.segments.length).toBeGreaterThan(0);
    expect(verbose.segments.at(-1)!.end).toBeLessThanOrEqual(verbose.duration + 0.1);
  });
});
