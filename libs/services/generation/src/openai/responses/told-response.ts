import { MillraceError, type Citation, type FileCitation, type Response } from '@millrace/contracts';
import { retryAfterOf } from '@millrace/platform';
import type { FinishReason } from '@millrace/ports';
import type { Channel, TextPart, Usage } from '../../answers/answer-part.ts';
import type { Answer } from '../../answers/answer.ts';
import { groundsIn, now, provenanceOf } from '../openai-wire.ts';
import { SearchItem } from './search-item.ts';
import { CallItem, PartedItem, type Telling, type ToldItem } from './told-items.ts';

type Part<T extends Answer['type']> = Extract<Answer, { type: T }>;

/** A response while it is told: what of an answer becomes which events, and how it stands. */
export class ToldResponse {
  private readonly items: ToldItem[] = [];
  private readonly parted = new Map<'message' | 'reasoning', PartedItem>();
  private readonly calls = new Map<Channel, CallItem>();

  /** @param current what it says of its request */
  constructor(
    private current: Response,
    private readonly requestId: string,
  ) {}

  /** Undefined until its end was told. */
  get whole(): Response | undefined {
    return this.current.status === 'in_progress' ? undefined : this.current;
  }

  *take(part: Answer): Iterable<Telling> {
    if (part.type === 'start') yield* this.begin(part);
    else if (part.type === 'text') yield* this.add(part);
    else if (part.type === 'tool') yield* this.call(part);
    else yield* this.end(part);
  }

  /** Its last event where the answer broke off. */
  failed(thrown: unknown): Telling {
    const error = MillraceError.from(thrown);
    const retryAfter = retryAfterOf(error);
    const millrace = {
      code: error.code,
      ...(retryAfter !== undefined && { retry_after: retryAfter }),
      request_id: this.requestId,
    };
    this.current = {
      ...{ ...this.current, status: 'failed', output: this.output('incomplete') },
      error: { code: errorCodeOf(error), message: error.message, millrace },
    };
    return { type: 'response.failed', response: this.current };
  }

  private *begin(start: Part<'start'>): Iterable<Telling> {
    this.current = { ...this.current, model: start.model, millrace: provenanceOf(start) };
    yield { type: 'response.created', response: this.current };
    yield { type: 'response.in_progress', response: this.current };
    if (start.search) yield* this.append((at) => new SearchItem(start.search!, this.requestId, at)).tell();
  }

  private *add({ channel, text }: TextPart): Iterable<Telling> {
    if (channel === 'content') yield* this.item('message').add('output_text', text);
    else if (channel === 'refusal') yield* this.item('message').add('refusal', text);
    else if (channel === 'reasoning') yield* this.item('reasoning').add('reasoning_text', text);
    else yield* this.calls.get(channel)?.add(text) ?? [];
  }

  private *call(part: Part<'tool'>): Iterable<Telling> {
    const call = this.append((at) => new CallItem(part, this.requestId, at));
    this.calls.set(`tool:${part.index}`, call);
    yield* call.open();
  }

  private *end(part: Part<'end'>): Iterable<Telling> {
    const { reason, usage, citations } = part;
    for (const citation of citations) yield* this.parted.get('message')?.cite(fileCitation(citation)) ?? [];
    const cut = cutOf(reason);
    const status = cut ? 'incomplete' : 'completed';
    for (const item of this.items) yield* item.close(status);
    this.current = {
      ...{ ...this.current, status, output: this.output(status), usage: usageOf(usage) },
      completed_at: cut ? null : now(),
      incomplete_details: cut ? { reason: cut } : null,
      millrace: { ...this.current.millrace, usage_estimated: usage.estimated, ...groundsIn(part) },
    };
    yield { type: `response.${status}`, response: this.current };
  }

  private output(status: 'completed' | 'incomplete'): Response['output'] {
    return this.items.map((item) => item.shown(status));
  }

  private item(type: 'message' | 'reasoning'): PartedItem {
    const known = this.parted.get(type);
    if (known) return known;
    const item = this.append((at) => new PartedItem(type, this.requestId, at));
    this.parted.set(type, item);
    return item;
  }

  private append<T extends ToldItem>(make: (at: number) => T): T {
    const item = make(this.items.length);
    this.items.push(item);
    return item;
  }
}

/** Why an answer is not all that there was to tell. */
const cutOf = (reason: FinishReason) => {
  if (reason === 'length') return 'max_output_tokens';
  return reason === 'content_filter' ? reason : undefined;
};

function errorCodeOf({ spec }: MillraceError): NonNullable<Response['error']>['code'] {
  if (spec.status === 429) return 'rate_limit_exceeded';
  return spec.status < 500 ? 'invalid_prompt' : 'server_error';
}

const usageOf = ({
  promptTokens,
  completionTokens,
  cachedTokens = 0,
  reasoningTokens = 0,
}: Usage): NonNullable<Response['usage']> => ({
  input_tokens: promptTokens,
  input_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: 0 },
  output_tokens: completionTokens,
  output_tokens_details: { reasoning_tokens: reasoningTokens },
  total_tokens: promptTokens + completionTokens,
});

const fileCitation = ({ document_id, url_citation, index: number, ...passage }: Citation): FileCitation => {
  const { start_index, end_index, title } = url_citation;
  const { version, chunk_id, start, end, text, supported } = passage;
  return {
    type: 'file_citation',
    file_id: document_id,
    filename: title,
    index: start_index,
    millrace: {
      ...{ number, start_index, end_index, version, chunk_id, start, end, text },
      ...(supported !== undefined && { supported }),
    },
  };
};
