import {
  answerWith,
  delta,
  done,
  finish,
  MockBackEnd,
  modelList,
  pause,
  playOf,
  role,
  stream,
  usage,
  type Play,
  type Step,
} from '@millrace/testing';

/** Milliseconds until its first word, and between two. */
const paceMs = { first: 500, between: 100 };
/** `a: count.` */
export const promptTokens = 3;
/** As Virtual Token Counter weighs a token that is made. */
export const answerWeight = 2;

interface Said {
  readonly messages: readonly { readonly content: string }[];
  readonly max_completion_tokens: number;
}

/** What `a` asks for, so many tokens of it. */
export const questionOf = (asker: string, tokens: number) => ({
  messages: [{ role: 'user', content: `${asker}: count.` }],
  ...{ max_completion_tokens: tokens, millrace: { retrieval: false } },
});

/** A language model that keeps time, says as many tokens as it is asked for, and knows what it did for each asker. */
export class TalkingModel {
  /** Told whenever somebody was served. */
  onServed: () => void = () => undefined;
  private readonly served = new Map<string, number>();
  private readonly backEnd = new MockBackEnd(
    playOf((path, body) =>
      path.endsWith('/models') ? answerWith(200, modelList('talking')) : this.play(body),
    ),
  );

  /** In tokens of a prompt. */
  serviceOf(asker: string): number {
    return this.served.get(asker) ?? 0;
  }

  listen(): Promise<string> {
    return this.backEnd.listen();
  }

  close(): Promise<void> {
    return this.backEnd.close();
  }

  private play(body: string): Play {
    const { messages, max_completion_tokens: tokens } = JSON.parse(body) as Said;
    const asker = messages.at(-1)!.content.split(':')[0]!;
    this.serve(asker, promptTokens);
    const said = Array.from({ length: tokens }, (_, n): Step[] => [
      pause(n === 0 ? paceMs.first : paceMs.between),
      () => this.serve(asker, answerWeight),
      // Four characters: as much as a token is estimated to have.
      delta('one '),
    ]).flat();
    return stream(role, ...said, finish(), usage(promptTokens, tokens), done);
  }

  private serve(asker: string, service: number): void {
    this.served.set(asker, this.serviceOf(asker) + service);
    this.onServed();
  }
}
