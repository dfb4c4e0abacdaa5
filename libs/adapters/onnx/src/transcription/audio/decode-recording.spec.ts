import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { decodeRecording, mixDown } from './decode-recording.ts';
import { wavFile } from '../../testing/wav-file.ts';

const limits = { maxSeconds: 2, decodeTimeoutMs: 10_000 };
const alive = (): void => undefined;
const tone = (rate: number, seconds: number): Float32Array =>
  Float32Array.from({ length: rate * seconds }, (_, at) => 0.5 * Math.sin((2 * Math.PI * 440 * at) / rate));

describe('decodeRecording', () => {
  it.each([
    [8, 8000, 1],
    [16, 16_000, 1],
    [16, 44_100, 2],
    [24, 48_000, 2],
  ] as const)('reads WAV of %i bits at %i Hz with %i channels', async (bits, rate, channels) => {
    const file = wavFile(Array<Float32Array>(channels).fill(tone(rate, 1)), rate, bits);
    const samples = await decodeRecording(file, limits, alive);
    const expected = tone(16_000, 1);
    expect(Math.abs(samples.length - 16_000)).toBeLessThanOrEqual(1);
    for (let at = 1000; at < 15_000; at += 7)
      expect(samples.all[at]).toBeCloseTo(expected[at]!, bits === 8 ? 1 : 3);
  });

  it('reads WAV in a Buffer at an odd place of a larger one, as it comes in a message', async () => {
    const file = wavFile([tone(16_000, 1)], 16_000, 16);
    const message = Buffer.concat([Buffer.alloc(1), file]);
    expect(await decodeRecording(message.subarray(1), limits, alive)).toHaveLength(16_000);
  });

  it('mixes channels down and takes no part of what is no number', () => {
    expect([...mixDown([Float32Array.of(1, 0.5, Number.NaN), Float32Array.of(0, -0.5, 1)])]).toEqual([
      0.5, 0, 0.5,
    ]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('this is no sound')],
    ['a header alone', wavFile([new Float32Array()], 16_000, 16)],
    ['a damaged header', Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEfmt '), Buffer.alloc(40, 255)])],
    ['a rate that nobody records at', wavFile([tone(8000, 1)], 200, 16)],
    ['the first bytes of FLAC', Buffer.from('fLaC\0\0\0"')],
    ['an ID3 tag and noise', Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0'), Buffer.alloc(5000, 77)])],
  ])('refuses %s', async (_, bytes) => {
    await expect(decodeRecording(bytes, limits, alive)).rejects.toMatchObject({ code: 'unreadable_audio' });
  });

  it('refuses noise behind the head of an MP3 frame, and keeps the complaints of the decoder to itself', async () => {
    const told = vi.spyOn(console, 'error');
    const noise = Array.from({ length: 2000 }, (_, n) => createHash('sha256').update(`${n}`).digest());
    const file = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), ...noise]);
    await expect(decodeRecording(file, limits, alive)).rejects.toMatchObject({
      ...{ code: 'unreadable_audio', detail: 'most of the file is damaged' },
    });
    expect(told).not.toHaveBeenCalled();
  });

  it('says of a rate of 0 nothing about the program that reads it', async () => {
    const file = wavFile([tone(8000, 1)], 0, 16);
    await expect(decodeRecording(file, limits, alive)).rejects.toMatchObject({
      ...{ code: 'unreadable_audio', detail: expect.not.stringMatching(/undefined|propert/) as string },
    });
  });

  it('refuses a recording that is too long as soon as it knows', async () => {
    const file = wavFile([tone(8000, 2.5)], 8000, 16);
    await expect(decodeRecording(file, limits, alive)).rejects.toMatchObject({
      code: 'audio_too_long',
      detail: 'the limit is 2 s',
    });
  });
});
