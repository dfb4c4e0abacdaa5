/**
 * A language model back end. The request is the body of OpenAI's chat completions, or of its completions, as it came, less
 * Millrace's own fields; the stream is one `start`, any number of `delta`, one `end`. A stream that breaks rejects with
 * `backend_unavailable` or `backend_error`, with `queue_full` when the back end asks to come back later, or with
 * `backend_refused` when it would never answer this request; it never ends without `end`.
 */
export interface Generator {
  readonly name: string;
  /** The default first. */
  models(): Promise<string[]>;
  /** @param onTaken called when the back end has taken the request, and what it says is still to come */
  generate(
    request: GenerationRequest,
    signal: AbortSignal,
    onTaken?: () => void,
  ): AsyncIterable<GenerationPart>;
  healthy(): Promise<boolean>;
}

/** What a back end is asked, whichever it is. */
export type GenerationQuestion = (Conversation | TextToContinue) & {
  /** Further OpenAI parameters, passed through. */
  readonly parameters: Readonly<Record<string, unknown>>;
};

export type GenerationRequest = GenerationQuestion & {
  /** Undefined: the back end's default. */
  readonly model: string | undefined;
};

/** To be answered in its turn. */
export interface Conversation {
  readonly messages: readonly ChatMessage[];
}

/** To be gone on with as it stands: no chat template, and deltas have `content` alone. */
export interface TextToContinue {
  readonly prompt: string;
  /** What comes behind the gap that is to be filled. */
  readonly suffix?: string | undefined;
}

export interface ChatMessage {
  readonly role: string;
  readonly content: unknown;
  readonly [field: string]: unknown;
}

/** OpenAI's: at its natural end; cut at a limit; cut by a filter; for tools to be called. */
export type FinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls';

export type GenerationPart =
  | { readonly type: 'start'; readonly model: string }
  | {
      readonly type: 'delta';
      /** OpenAI's choice index. */
      readonly choice: number;
      /** OpenAI's delta object. */
      readonly delta: GenerationDelta;
      /** How many of the back end's it was joined from. Default 1. */
      readonly pieces?: number;
    }
  | {
      readonly type: 'end';
      /** Of each choice. */
      readonly finishReasons: readonly FinishReason[];
      /** Absent when the back end did not say. */
      readonly usage?: CountedTokens | undefined;
    };

/** As the back end counted them. */
export interface CountedTokens {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Of the prompt, those that it had read before. */
  readonly cachedTokens?: number | undefined;
  /** Of the completion, those that it thought in. */
  readonly reasoningTokens?: number | undefined;
}

export interface GenerationDelta {
  readonly content?: string | undefined;
  readonly reasoning?: string | undefined;
  readonly toolCalls?: readonly unknown[] | undefined;
  readonly refusal?: string | undefined;
}
