import { randomInt } from 'node:crypto';
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

const everyMs = 50;

/** A language model that says a random number of tokens, up to the most that is asked for, and counts what it has really said. */
export class MeteredModel {
  /** Of prompts and answers, those that broke off too. */
  tokens = 0;
  answers = 0;
  private readonly backEnd = new MockBackEnd(
    playOf((path, body) =>
      path.endsWith('/models') ? answerWith(200, modelList('metered')) : this.play(body),
    ),
  );

  /** @param promptTokens of every request */
  constructor(private readonly promptTokens: number) {}

  get underWay(): number {
    return this.backEnd.underWay;
  }

  listen(): Promise<string> {
    return this.backEnd.listen();
  }

  close(): Promise<void> {
    return this.backEnd.close();
  }

  private play(body: string): Play {
    const { max_completion_tokens: most } = JSON.parse(body) as { max_completion_tokens: number };
    const count = randomInt(1, most + 1);
    this.answers += 1;
    this.tokens += this.promptTokens;
    const said = Array.from({ length: count }, (): Step[] => [
      pause(everyMs),
      () => void (this.tokens += 1),
      delta('word '),
    ]).flat();
    return stream(role, ...said, finish(), usage(this.promptTokens, count), done);
  }
}
