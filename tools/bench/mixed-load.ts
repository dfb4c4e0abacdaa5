import { readFile } from 'node:fs/promises';
import type { Client } from './client.ts';
import type { BenchContext } from './measurement.ts';
import { pushFolder } from './push-folder.ts';
import { sharedData } from './shared-data.ts';

const folders = ['documents/keda-docs', 'documents/multiformat', 'documents/pdf'];
const recordings = ['speech/jfk/jfk.flac', 'speech/ljspeech/LJ001-0003.wav'];

export const mixedLoadNeeds = [...folders, ...recordings];

const questions = [
  'How often does KEDA check each trigger by default?',
  'Which Kubernetes version does KEDA require?',
  'How do I install KEDA with Helm?',
];

/** Real files of every kind are read, while two persons chat, one searches and one speaks, each without a pause. */
export async function mixedLoad(
  client: Client,
  url: string,
  { quick, note, signal }: BenchContext,
): Promise<void> {
  const speech = await Promise.all(
    recordings.map(async (file) => new Uint8Array(await readFile(sharedData(file)))),
  );
  let pushing = true;
  const again = async <T>(asked: readonly T[], ask: (one: T) => Promise<unknown>) => {
    for (let i = 0; pushing; i++) await ask(asked[i % asked.length]!);
  };
  let chats = 0;
  // Another user each time: a kept answer would be no load.
  const chat = (content: string) =>
    client.json('POST', '/v1/chat/completions', {
      messages: [{ role: 'user', content }],
      user: `${++chats}`,
    });
  const push = async () => {
    for (const folder of quick ? ['documents/multiformat/dataprep_upload'] : folders) {
      note(`pushing ${folder}, chatting, searching, speaking`);
      await pushFolder(url, folder, signal);
    }
  };
  await Promise.all([
    push().finally(() => (pushing = false)),
    again(questions, chat),
    again(questions, chat),
    again(questions, (query) => client.search({ query })),
    again(speech, (recording) => client.transcribe(recording)),
  ]);
}
