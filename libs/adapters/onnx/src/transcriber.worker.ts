import { getPriority, setPriority } from 'node:os';
import type { Transcript } from '@millrace/ports';
import { serveParent } from './process/serve.ts';
import { Moonshine } from './transcription/moonshine.ts';
import type { TranscriberHello, TranscriberRequest, TranscriberStart } from './transcription/protocol.ts';
import { transcribeRecording, type Models } from './transcription/transcribe-recording.ts';
import { VoiceActivity } from './transcription/voice-activity.ts';

let models: Models | undefined;
let options: TranscriberStart | undefined;

/** Decodes recordings and writes down what is said in them, one after the other. */
serveParent<TranscriberStart, TranscriberHello, TranscriberRequest, Transcript>({
  async start(start) {
    setPriority(Math.max(start.niceness, getPriority()));
    const { speechDir, voiceFile, manifest, providers } = start;
    const { model: speech, provider } = await Moonshine.open(speechDir, manifest, providers);
    models = { speech, voice: await VoiceActivity.open(voiceFile, [provider]), language: manifest.language };
    options = start;
    return { provider };
  },
  async handle(bytes, alive) {
    if (!models || !options) throw new Error('asked before the start');
    return transcribeRecording(bytes, options.limits, models, alive);
  },
});
