import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import { sharedData, workersDir } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moonshineTiny, sileroVad } from '../catalogue/entries.ts';
import { pulledModel } from '../testing/pulled-model.ts';
import { decodeRecording } from './audio/decode-recording.ts';
import { wavFile } from '../testing/wav-file.ts';
import { OnnxTranscriber, type OnnxTranscriberOptions } from './onnx-transcriber.ts';
import { wordErrors, wordsOf } from '../testing/word-errors.ts';

const modelDirs = [pulledModel(moonshineTiny), pulledModel(sileroVad)];
const modelsDir = modelDirs.every(Boolean) ? join(modelDirs[0]!, '..') : undefined;
const speech = sharedData('speech');
const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));
const flac = fixture('one-sentence.flac');
const mp3 = fixture('two-sentences.mp3');
const sentence = 'produced the block books which were the immediate predecessors of the true printed book';

const open = (more: Partial<OnnxTranscriberOptions> = {}): Promise<OnnxTranscriber> =>
  OnnxTranscriber.open({
    ...{ speech: moonshineTiny, voiceActivity: sileroVad, modelsDir: modelsDir ?? '/nowhere', workersDir },
    ...more,
  });

describe.skipIf(!modelsDir)('OnnxTranscriber with Moonshine tiny', () => {
  let transcriber: OnnxTranscriber;
  beforeAll(async () => {
    transcriber = await open();
  });
  afterAll(() => transcriber.close());

  it('writes down a FLAC file', async () => {
    const transcript = await transcriber.transcribe({ bytes: flac });
    expect(wordErrors(wordsOf(sentence), wordsOf(transcript.text))).toBeLessThanOrEqual(1);
    expect(transcript).toMatchObject({ language: 'en', segments: [{ text: transcript.text }] });
    expect(transcript.duration).toBeCloseTo(5.14, 1);
  });

  it('writes down an MP3 file with a pause, each sentence in its place', async () => {
    const { text, segments } = await transcriber.transcribe({ bytes: mp3 });
    expect(wordErrors(wordsOf(`${sentence} has never been surpassed`), wordsOf(text))).toBeLessThanOrEqual(1);
    expect(segments).toHaveLength(2);
    expect(segments[0]!.end).toBeLessThan(6.2);
    expect(segments[1]!.start).toBeGreaterThan(6);
  });

  it.each([
    [8, 22_050, 1],
    [16, 22_050, 2],
    [24, 44_100, 2],
  ] as const)('writes down WAV of %i bits at %i Hz with %i channels', async (bits, rate, channels) => {
    const { all } = await decodeRecording(flac, { maxSeconds: 10, decodeTimeoutMs: 10_000 }, () => undefined);
    const at = (frame: number): number => all[Math.floor((frame * 16_000) / rate)] ?? 0;
    const samples = Float32Array.from({ length: (all.length * rate) / 16_000 }, (_, frame) => at(frame));
    const bytes = wavFile(Array<Float32Array>(channels).fill(samples), rate, bits);
    const { text } = await transcriber.transcribe({ bytes });
    expect(wordErrors(wordsOf(sentence), wordsOf(text))).toBeLessThanOrEqual(1);
  });

  it('writes nothing where nothing is said', async () => {
    const noise = Float32Array.from({ length: 48_000 }, (_, at) => 0.01 * Math.sin(at * at));
    for (const samples of [new Float32Array(48_000), noise]) {
      const { text, segments } = await transcriber.transcribe({ bytes: wavFile([samples], 16_000, 16) });
      expect({ text, segments }).toEqual({ text: '', segments: [] });
    }
  });

  it('refuses what it cannot read and goes on', async () => {
    await expect(transcriber.transcribe({ bytes: Buffer.from('not a sound') })).rejects.toMatchObject({
      code: 'unreadable_audio',
    });
    expect((await transcriber.transcribe({ bytes: flac })).text).not.toBe('');
  });

  it('finishes a recording although its process was killed once', async () => {
    await transcriber.transcribe({ bytes: flac });
    const answer = transcriber.transcribe({ bytes: mp3 });
    process.kill(transcriber.workerPid!, 'SIGKILL');
    expect((await answer).segments).toHaveLength(2);
  });

  it('forgets a recording whose caller went away, waiting or running', async () => {
    const callers = [new AbortController(), new AbortController()];
    const codes = callers.map(({ signal }) =>
      transcriber.transcribe({ bytes: mp3 }, signal).then(
        () => 'done',
        (error: unknown) => MillraceError.from(error).code,
      ),
    );
    const last = transcriber.transcribe({ bytes: flac });
    for (const caller of callers) caller.abort();
    expect(await Promise.all(codes)).toEqual(['cancelled', 'cancelled']);
    expect((await last).segments).toHaveLength(1);
  });

  it.skipIf(!speech)('hears read speech with at most one word in ten wrong', async () => {
    const clips = readFileSync(join(speech!, 'manifest.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { audio: string; text: string; set: string })
      .filter(({ set }) => !set.startsWith('an4'));
    let [errors, words] = [0, 0];
    for (const { audio, text } of clips) {
      const heard = await transcriber.transcribe({ bytes: readFileSync(join(speech!, audio)) });
      errors += wordErrors(wordsOf(text), wordsOf(heard.text));
      words += wordsOf(text).length;
    }
    expect(words).toBeGreaterThan(300);
    expect(errors / words).toBeLessThan(0.1);
  });
});

describe.skipIf(!modelsDir)('OnnxTranscriber at its limits', () => {
  it('refuses a recording that is too long', async () => {
    const transcriber = await open({ maxSeconds: 3 });
    await expect(transcriber.transcribe({ bytes: flac })).rejects.toMatchObject({ code: 'audio_too_long' });
    await transcriber.close();
  });

  it('refuses what would wait beyond the limit', async () => {
    const transcriber = await open({ waitingBytes: 2 * flac.length });
    const asked = Array.from({ length: 4 }, () => transcriber.transcribe({ bytes: flac }));
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes[3]).toMatchObject({ reason: { code: 'queue_full', retryAfter: 1 } });
    await transcriber.close();
  });

  it('gives its process up when there is nothing to do, and starts another when there is', async () => {
    const transcriber = await open({ idleMs: 1 });
    for (let round = 0; round < 2; round++) {
      await transcriber.transcribe({ bytes: flac });
      await expect.poll(() => transcriber.workerPid, { timeout: 5000 }).toBeUndefined();
    }
    await transcriber.close();
  });

  it('lets the recording under way end before it closes, and refuses the next', async () => {
    const transcriber = await open();
    const [running, waiting] = [
      transcriber.transcribe({ bytes: flac }),
      transcriber.transcribe({ bytes: flac }),
    ];
    const refused = expect(waiting).rejects.toMatchObject({ code: 'shutting_down' });
    await expect.poll(() => transcriber.workerPid, { timeout: 5000 }).toBeDefined();
    await transcriber.close();
    expect((await running).segments).toHaveLength(1);
    await refused;
    expect(transcriber.workerPid).toBeUndefined();
  });
});

describe('OnnxTranscriber without its models', () => {
  it('says what is missing', async () => {
    const transcriber = await open({ modelsDir: '/nowhere' });
    expect(transcriber.health()).toMatchObject({ ready: false, fault: { code: 'models_missing' } });
    await expect(transcriber.transcribe({ bytes: flac })).rejects.toMatchObject({ code: 'models_missing' });
    await transcriber.close();
  });
});
