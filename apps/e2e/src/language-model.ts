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
  usage,
  type Play,
  type Step,
} from '@millrace/testing';

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
  /** The status of the next answers, each with an error for a body. */
  refusal: number | undefined;
  url = '';
  private readonly backEnd = new MockBackEnd(
    playOf((path) => (path.endsWith('/models') ? answerWith(200, modelList('test-model')) : this.play())),
  );

  static async start(): Promise<LanguageModel> {
    const model = new LanguageModel();
    model.url = await model.backEnd.listen();
    return model;
  }

  get requests(): ChatBody[] {
    return this.backEnd.requests
      .filter(({ path }) => path.endsWith('/chat/completions'))
      .map(({ body }) => JSON.parse(body) as ChatBody);
  }

  /** Requests whose connection the caller closed before the end. */
  get aborted(): number {
    return this.backEnd.abandoned;
  }

  stop(): Promise<void> {
    return this.backEnd.close();
  }

  private play(): Play {
    if (this.refusal) return answerWith(this.refusal, { error: { message: 'the context is too long' } });
    const told = this.pieces.map(delta);
    const { cutAfter } = this;
    if (cutAfter !== undefined) return this.streaming(...told.slice(0, cutAfter), cut);
    if (this.stall) return this.streaming(...told.slice(0, 1), silence);
    return this.streaming(...told, finish(), usage(11, 3), done);
  }

  private streaming(...steps: readonly Step[]): Play {
    return stream(role, ...(this.delta ? [choice({ delta: this.delta })] : []), ...steps);
  }
}
