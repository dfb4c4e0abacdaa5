import { Option, type Command } from 'commander';
import { basename, resolve } from 'node:path';
import { routes } from '@millrace/contracts';
import type { Context, Run } from '../context.ts';
import { CliError, UnreadableFile } from '../errors.ts';
import { fileBlob } from '../http/file-blob.ts';

type Format = 'json' | 'text' | 'srt' | 'vtt';

interface TranscribeOptions {
  readonly format?: Format;
  readonly language?: string;
  readonly model?: string;
}

/** A long recording may wait its turn. */
const patienceMs = 600_000;

const examples = `
Examples:
  $ millrace transcribe meeting.flac
  $ millrace transcribe talk.mp3 --format srt > talk.srt
  $ millrace transcribe call.wav --format json           with timed segments`;

export function addTranscribe(root: Command, run: Run): void {
  root
    .command('transcribe')
    .description('the words of a recording (WAV, FLAC, MP3)')
    .argument('<file>', 'the recording')
    .addOption(
      new Option('--format <format>', 'how to print them (default: text)').choices([
        'json',
        'text',
        'srt',
        'vtt',
      ]),
    )
    .option('--language <code>', 'the language spoken, for models that know several')
    .option('--model <name>', 'the model that listens')
    .addHelpText('after', examples)
    .action(run(transcribe));
}

async function transcribe(
  { client, output, cwd }: Context,
  file: string,
  { format, language, model }: TranscribeOptions,
): Promise<void> {
  const asJson = output.json || format === 'json';
  const form = async () => {
    const fields = new FormData();
    fields.set('response_format', asJson ? 'verbose_json' : (format ?? 'text'));
    if (language) fields.set('language', language);
    if (model) fields.set('model', model);
    fields.set('file', await fileBlob(resolve(cwd, file)), basename(file));
    return fields;
  };
  const text = await readable(file, () => client.text(routes.transcriptions, { form, patienceMs }));
  const shown = asJson ? JSON.stringify(JSON.parse(text), null, 2) : text.trimEnd();
  output.piece(`${shown}\n`);
}

/** Names the file that cannot be read. */
async function readable<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new CliError(`${file} cannot be read. ${error.message}`);
  }
}
