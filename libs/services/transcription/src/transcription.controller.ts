import { Controller, Inject } from '@nestjs/common';
import { MillraceError, routes } from '@millrace/contracts';
import { TRANSCRIBER, type Transcriber, type Transcript } from '@millrace/ports';
import { HandleRoute, Reply, type RouteRequest } from '@millrace/platform';
import { toSubRip, toWebVtt } from './subtitles.ts';

/** OpenAI's names for "the speech model here": their clients insist on one. */
const aliases = new Set(['whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe']);

/** OpenAI's transcriptions of whole recordings. */
@Controller()
export class TranscriptionController {
  constructor(@Inject(TRANSCRIBER) private readonly transcriber: Transcriber) {}

  @HandleRoute(routes.transcriptions)
  async transcribe({ form, signal }: RouteRequest<typeof routes.transcriptions>): Promise<Reply> {
    const { fields, file } = form!;
    this.refuseUnfit(fields.model, fields.language);
    refuseUnsupported(fields);
    const { bytes, filename } = file;
    return answer(await this.transcriber.transcribe({ bytes, filename }, signal), fields.response_format);
  }

  private refuseUnfit(model: string | undefined, language: string | undefined): void {
    if (model !== undefined && model !== this.transcriber.model && !aliases.has(model))
      throw new MillraceError('model_not_found', {
        param: 'model',
        detail: `this server hears with ${this.transcriber.model}`,
      });
    if (language !== undefined && !/^en\b/i.test(language))
      throw new MillraceError('unsupported_parameter', {
        param: 'language',
        detail: `${this.transcriber.model} knows English only`,
      });
  }
}

type Fields = NonNullable<RouteRequest<typeof routes.transcriptions>['form']>['fields'];

/** Better said than ignored. */
function refuseUnsupported({
  stream,
  response_format: format,
  'timestamp_granularities[]': times = [],
}: Fields): void {
  if (stream === 'true')
    throw new MillraceError('unsupported_parameter', {
      param: 'stream',
      detail: 'recordings are answered whole',
    });
  const param = 'timestamp_granularities[]';
  if (times.includes('word'))
    throw new MillraceError('unsupported_parameter', { param, detail: 'times are those of segments' });
  if (times.length > 0 && format !== 'verbose_json')
    throw new MillraceError('invalid_request', { param, detail: 'it goes with verbose_json' });
}

function answer(transcript: Transcript, format: 'json' | 'text' | 'srt' | 'vtt' | 'verbose_json'): Reply {
  const { text, duration, language, segments } = transcript;
  switch (format) {
    case 'text':
      return new Reply(`${text}\n`, { mediaType: 'text/plain; charset=utf-8' });
    case 'srt':
      return new Reply(toSubRip(segments), { mediaType: 'application/x-subrip; charset=utf-8' });
    case 'vtt':
      return new Reply(toWebVtt(segments), { mediaType: 'text/vtt; charset=utf-8' });
    case 'verbose_json':
      return new Reply({
        task: 'transcribe',
        language,
        duration,
        text,
        segments: segments.map((segment, id) => ({ id, ...segment })),
      });
    case 'json':
      return new Reply({ text });
  }
}
