import { MillraceError } from '@millrace/contracts';
import type { GenerationPart, GenerationRequest, Generator } from '@millrace/ports';
import { BackendAttempt } from './backend-attempt.ts';
import { BackendClient } from './backend-client.ts';
import { languageModel } from './backend-kind.ts';
import { chatChoice } from './chat-choice.ts';
import { CompletionReader } from './completion-reader.ts';
import { EventReader } from './event-reader.ts';
import { joinedDeltas } from './joined-deltas.ts';
import type { Patience } from './patience.ts';
import { textChoice } from './text-choice.ts';

export interface OpenAiOptions {
  /** An OpenAI-compatible server, `/v1` included. */
  readonly baseUrl: string;
  /** Sent as a bearer token; in no log line and no error. */
  readonly apiKey?: string | undefined;
  /** Asked for when a request names none; default: the first that the server lists. */
  readonly model?: string | undefined;
  /** Milliseconds from the request to the first event; comments do not count. Default 60,000. */
  readonly firstByteTimeoutMs?: number | undefined;
  /** Milliseconds between two events while the reader is waiting for one. Default 60,000. */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * Milliseconds: after its first words an answer is read at most so often, what came meanwhile as one delta. The longer it
   * goes on the longer the pauses, up to this. Default 0: each delta as it comes.
   */
  readonly gatherMs?: number | undefined;
}

/** After the last finish reason only the usage is still to come, and not every server sends it, or closes. */
const usageWaitMs = 2_000;
const listTimeoutMs = 5_000;
const healthTimeoutMs = 2_000;

const chatStream = ['/chat/completions', chatChoice] as const;
const textStream = ['/completions', textChoice] as const;

/** Language models behind any server that speaks OpenAI's chat completions, and completions, as server-sent events. */
export class OpenAiGenerator implements Generator {
  readonly name: string;
  private readonly client: BackendClient;
  private readonly firstByteMs: number;
  private readonly idleMs: number;
  private readonly gatherMs: number;
  private defaultModel: string | undefined;

  constructor({ baseUrl, apiKey, model, firstByteTimeoutMs, idleTimeoutMs, gatherMs }: OpenAiOptions) {
    this.client = new BackendClient(languageModel, baseUrl, apiKey);
    this.name = this.client.host;
    this.firstByteMs = firstByteTimeoutMs ?? 60_000;
    this.idleMs = idleTimeoutMs ?? 60_000;
    this.gatherMs = gatherMs ?? 0;
    this.defaultModel = model;
  }

  async models(): Promise<string[]> {
    const listed = await this.list(listTimeoutMs);
    return [...new Set(this.defaultModel ? [this.defaultModel, ...listed] : listed)];
  }

  async healthy(): Promise<boolean> {
    return this.list(healthTimeoutMs).then(
      () => true,
      () => false,
    );
  }

  async *generate(
    request: GenerationRequest,
    signal: AbortSignal,
    onTaken?: () => void,
  ): AsyncGenerator<GenerationPart> {
    const [path, format] = 'prompt' in request ? textStream : chatStream;
    const body = await this.body(request);
    const attempt = new BackendAttempt(this.client, signal);
    const patience = attempt.patience(this.firstByteMs);
    try {
      const response = await attempt.postForStream(path, body, patience);
      onTaken?.();
      const reader = new CompletionReader(format, (message) => this.client.hideKey(message));
      using events = new EventReader(response);
      yield* this.read(events, reader, patience, signal);
      attempt.complete();
      yield reader.end();
    } catch (error) {
      throw attempt.failure(error);
    } finally {
      attempt.close();
    }
  }

  async close(): Promise<void> {
    this.client.close();
  }

  private async *read(
    events: EventReader,
    reader: CompletionReader,
    patience: Patience,
    signal: AbortSignal,
  ): AsyncGenerator<GenerationPart> {
    let firstAt: number | undefined;
    try {
      for (;;) {
        await patience.during(events.arrival());
        const taken = events.take();
        if (taken.length === 0) return;
        const parts = partsOf(taken, reader);
        for (const part of this.gatherMs > 0 ? joinedDeltas(parts) : parts) {
          if (part.type === 'delta') firstAt ??= performance.now();
          yield part;
        }
        if (reader.done) return;
        patience.renew(reader.finished ? Math.min(usageWaitMs, this.idleMs) : this.idleMs);
        if (this.gatherMs > 0 && firstAt !== undefined)
          await events.rest(Math.min(this.gatherMs, performance.now() - firstAt));
      }
    } catch (error) {
      // A complete answer without its usage is still complete.
      if (!reader.finished || signal.aborted) throw error;
    }
  }

  private async body({ model, parameters, ...question }: GenerationRequest): Promise<string> {
    const options = parameters['stream_options'] as object | null | undefined;
    return JSON.stringify({
      ...parameters,
      model: model ?? (await this.resolveDefault()),
      ...question,
      stream: true,
      stream_options: { ...options, include_usage: true },
    });
  }

  private async resolveDefault(): Promise<string> {
    this.defaultModel ??= (await this.list(listTimeoutMs))[0];
    if (this.defaultModel) return this.defaultModel;
    throw new MillraceError('backend_error', { detail: 'it lists no models; set MILLRACE_LLM_MODEL' });
  }

  private async list(timeoutMs: number): Promise<string[]> {
    const attempt = new BackendAttempt(this.client, new AbortController().signal);
    try {
      return modelIds(await attempt.getJson('/models', timeoutMs));
    } catch (error) {
      throw attempt.failure(error);
    } finally {
      attempt.close();
    }
  }
}

function* partsOf(events: readonly string[], reader: CompletionReader): Iterable<GenerationPart> {
  for (const data of events) {
    if (reader.done) return;
    yield* reader.read(data);
  }
}

function modelIds(list: unknown): string[] {
  const data = (list as { data?: unknown } | undefined)?.data;
  if (!Array.isArray(data))
    throw new MillraceError('backend_error', { detail: 'its list of models has no known shape' });
  return data.flatMap((item: { id?: unknown } | null) => (typeof item?.id === 'string' ? [item.id] : []));
}
