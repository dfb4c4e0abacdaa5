import {
  answerWith,
  choice,
  cut,
  delta,
  done,
  finish,
  MockBackEnd,
  modelList,
  playOf,
  role,
  silence,
  stream,
  textDelta,
  textFinish,
  usage,
  type Play,
  type Step,
} from '@millrace/testing';

interface TextBody {
  readonly prompt: string;
  readonly suffix?: string;
  readonly [parameter: string]: unknown;
}

interface ChatBody {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { role: string; content: string }[];
}

/** An OpenAI-compatible server on loopback that answers what the test tells it to, in the pieces it is told. */
export class LanguageModel {
  /** The pieces of the next answers. */
  pieces: readonly string[] = ['Hello', ' there', '.'];
  /** Sends this many pieces, then closes the connection without an end. */
  cutAfter: number | undefined;
  /** Sends the first piece and then nothing. */
  stall = false;
  /** Sent as it is before the pieces. */
  delta: object | undefined;
  /** Why the next answers end. */
  reason = 'stop';
  /** The status of the next answers, each with an error for a body. */
  refusal: number | undefined;
  url = '';
  private readonly backEnd = new MockBackEnd(
    playOf((path) =>
      path.endsWith('/models') ? answerWith(200, modelList('test-model')) : this.play(isChat(path)),
    ),
  );

  static async start(): Promise<LanguageModel> {
    const model = new LanguageModel();
    model.url = await model.backEnd.listen();
    return model;
  }

  get requests(): ChatBody[] {
    return this.bodies((path) => isChat(path)) as ChatBody[];
  }

  /** Texts that it was to continue. */
  get texts(): TextBody[] {
    return this.bodies((path) => path.endsWith('/completions') && !isChat(path)) as TextBody[];
  }

  /** Requests whose connection the caller closed before the end. */
  get aborted(): number {
    return this.backEnd.abandoned;
  }

  stop(): Promise<void> {
    return this.backEnd.close();
  }

  private bodies(isWanted: (path: string) => boolean): unknown[] {
    return this.backEnd.requests
      .filter(({ path }) => isWanted(path))
      .map(({ body }) => JSON.parse(body) as unknown);
  }

  private play(isChat: boolean): Play {
    if (this.refusal) return answerWith(this.refusal, { error: { message: 'the context is too long' } });
    const told = this.pieces.map(isChat ? delta : textDelta);
    const end = isChat ? finish(this.reason) : textFinish(this.reason);
    return stream(...(isChat ? this.turn() : []), ...this.steps(told, end));
  }

  private turn(): Step[] {
    return [role, ...(this.delta ? [choice({ delta: this.delta })] : [])];
  }

  private steps(told: readonly Step[], end: Step): Step[] {
    const { cutAfter } = this;
    if (cutAfter !== undefined) return [...told.slice(0, cutAfter), cut];
    if (this.stall) return [...told.slice(0, 1), silence];
    return [...told, end, usage(11, 3), done];
  }
}

const isChat = (path: string): boolean => path.endsWith('/chat/completions');
