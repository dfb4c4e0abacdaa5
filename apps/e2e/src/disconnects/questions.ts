import {
  answerWith,
  delta,
  finish,
  forever,
  modelList,
  playOf,
  role,
  silence,
  stream,
  usage,
  type Play,
} from '@millrace/testing';

/** What is going on when the asker leaves. */
export const phases = ['preparing', 'waiting', 'telling', 'ending'] as const;
export type Phase = (typeof phases)[number];

/** Of an answer that is told to its end. */
export const lastWord = 'amen';

/** Nothing in these ends by itself: only that the asker left can end them. */
const plays: Readonly<Record<Phase, Play>> = {
  preparing: silence,
  waiting: silence,
  telling: stream(role, forever(5, delta('sack after sack, '))),
  ending: stream(role, delta(`All was ground, ${lastWord}.`), finish(), usage(20, 6), silence),
};

/** A question on its way, as the back end knows it. */
export class Question {
  /** `performance.now()` when the back end was let go of; undefined while it is not, or was never asked. */
  letGoAt: number | undefined;
  isAsked = false;
  private readonly asking = Promise.withResolvers<void>();

  constructor(
    readonly name: string,
    readonly phase: Phase,
  ) {}

  /** Resolves when the back end has it. */
  get asked(): Promise<void> {
    return this.asking.promise;
  }

  readonly play: Play = (response, request, body) => {
    this.isAsked = true;
    response.once('close', () => (this.letGoAt = performance.now()));
    this.asking.resolve();
    return plays[this.phase](response, request, body);
  };
}

/** Plays for each question what its phase needs; a request names its question as its model. */
export const playFor = (questions: ReadonlyMap<string, Question>): Play =>
  playOf((path, body) => {
    if (path.endsWith('/models')) return answerWith(200, modelList('none'));
    const { model } = JSON.parse(body) as { model: string };
    return questions.get(model)!.play;
  });
