import { Inject, Injectable } from '@nestjs/common';
import { MillraceError } from '@millrace/contracts';
import {
  BACK_ENDS,
  type BackEnd,
  type GenerationPart,
  type GenerationQuestion,
  type Price,
} from '@millrace/ports';
import { LOGGER, type Logger, type SettingsOf } from '@millrace/platform';
import { generationSettings } from '../generation-settings.ts';
import type { Attempt, Attempts } from './attempts.ts';
import { candidatesFor, type Demand } from './candidates.ts';
import { firstToSay, isThereWithin, rival, type Rival } from './first-to-say.ts';
import { Hedging } from './hedging.ts';
import { look, smallTalk } from './look.ts';
import { byPreference, type Candidate } from './preference.ts';
import { Standing, type Watched } from './standing.ts';
import { TrafficMetrics } from './traffic-metrics.ts';

export interface Steering extends Demand {
  /** How long the whole answer may take, in milliseconds. */
  readonly budgetMs?: number | undefined;
}

/** The budget of a request. Once one was given up for it, it is over, and the next is waited for. */
interface Hurry {
  readonly budgetMs: number;
  readonly began: number;
  isOver: boolean;
}

interface Asking {
  readonly signal: AbortSignal;
  /** How long its first word is waited for; undefined: as long as it takes. */
  readonly hurry: Hurry | undefined;
  readonly attempts: Attempts | undefined;
}

interface Attempting extends Omit<Asking, 'attempts'> {
  readonly attempt: Attempt | undefined;
  readonly stopping: AbortController;
}

interface Asked extends Rival {
  readonly candidate: Candidate;
  readonly attempt: Attempt | undefined;
  /** Whatever of it is still being made. */
  readonly stop: () => void;
  /** Another one was quicker. */
  readonly outrun: () => void;
}

/** Some that will do, behind each other. */
export interface Routed {
  /** Each by its name, the name of its server, and the model that it is asked for. */
  readonly candidates: readonly (readonly (string | undefined)[])[];
  /** What it may cost at most. */
  readonly dearest: Price;
  generate(
    request: GenerationQuestion,
    signal: AbortSignal,
    attempts?: Attempts,
  ): AsyncGenerator<GenerationPart>;
}

/**
 * Brings each request to a back end that can do what it asks for, is well, and is expected to answer in time. When one fails
 * or says nothing within the budget, the next is asked, as long as nothing of an answer has come: never after it, because the
 * other one would say something else. Where that is switched on, one whose first word is late is asked beside another, and who
 * says something first answers.
 */
@Injectable()
export class Traffic {
  private readonly standings = new Map<string, Standing>();
  private readonly metrics = new TrafficMetrics(() => performance.now());

  private readonly hedging: Hedging;

  constructor(
    @Inject(BACK_ENDS) private readonly backEnds: readonly BackEnd[],
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(generationSettings.token)
    { hedgePercent }: Pick<SettingsOf<typeof generationSettings>, 'hedgePercent'>,
  ) {
    this.hedging = new Hedging(hedgePercent);
  }

  /** Without any, answers are extracts. */
  get isEmpty(): boolean {
    return this.backEnds.length === 0;
  }

  /** What callers may name: our own names first. Of back ends that are away, those that are set. */
  async models(): Promise<string[]> {
    const lists = await Promise.all(this.backEnds.map((backEnd) => this.modelsOf(backEnd)));
    const aliases = this.backEnds.flatMap(({ aliases = {} }) => Object.keys(aliases));
    return [...new Set([...aliases, ...lists.flat()])];
  }

  private async modelsOf({ models, generator, name }: BackEnd): Promise<readonly string[]> {
    if (models) return models;
    return generator.models().catch((err: unknown) => {
      this.logger.warn({ err, back_end: name }, 'the models of a back end could not be listed');
      return [];
    });
  }

  /** Throws what `candidatesFor` throws, before anything is begun. */
  route(steering: Steering): Routed {
    const named = candidatesFor(this.backEnds, steering);
    // Callers may name what they like: it must not grow what is kept.
    const candidates = named.map((one) => ({
      ...one,
      standing: this.standing(one.backEnd.name, one.isSet ? one.model : undefined),
    }));
    return {
      candidates: named.map(({ backEnd: { name, generator }, model }) => [name, generator.name, model]),
      dearest: dearestOf(named.map(({ backEnd }) => backEnd)),
      generate: (request, signal, attempts) =>
        this.generate(candidates, steering.budgetMs, request, signal, attempts),
    };
  }

  private async *generate(
    candidates: readonly Candidate[],
    budgetMs: number | undefined,
    request: GenerationQuestion,
    signal: AbortSignal,
    attempts: Attempts | undefined,
  ): AsyncGenerator<GenerationPart> {
    const began = performance.now();
    const mostTokens = mostTokensOf(request.parameters);
    const { random } = Math;
    const order = byPreference(candidates, { budgetMs, mostTokens, now: began, random });
    const hurry = budgetMs === undefined ? undefined : { budgetMs, began, isOver: false };
    this.hedging.begin();
    this.lookAt(
      order.slice(1).filter(({ group }) => group !== 'well'),
      request,
    );
    const left = [...order];
    const ask = (): Asked => {
      const candidate = left.shift()!;
      return this.ask(candidate, request, { signal, hurry: left.length === 0 ? undefined : hurry, attempts });
    };
    while (left.length > 0) {
      const rivals = [ask()];
      let hasSaid = false;
      try {
        if (await this.isLate(rivals[0]!, left[0])) rivals.push(ask());
        const chosen = await firstToSay(rivals);
        hasSaid = true;
        for (const other of rivals) if (other !== chosen) other.outrun();
        chosen.attempt?.chosen();
        yield* await chosen.begun;
        yield* chosen.answer;
        return;
      } catch (thrown) {
        const error = MillraceError.from(thrown);
        if (hasSaid || left.length === 0 || signal.aborted || !mayBeAnothers(error)) throw thrown;
        this.logger.warn(
          { err: error, back_end: rivals.at(-1)!.candidate.backEnd.name, next: left[0]!.backEnd.name },
          'a language model back end failed before its answer began: another is asked',
        );
      } finally {
        for (const each of rivals) each.stop();
      }
    }
  }

  private ask(candidate: Candidate, request: GenerationQuestion, { attempts, ...asking }: Asking): Asked {
    const attempt = attempts?.connecting(candidate.backEnd);
    const stopping = new AbortController();
    const stop = (): void => stopping.abort(new MillraceError('cancelled'));
    return {
      ...rival(this.attempt(candidate, request, { ...asking, attempt, stopping })),
      ...{ candidate, attempt, stop },
      outrun: () => {
        attempt?.outrun();
        stop();
      },
    };
  }

  /** Whether it takes longer than is usual for it, and another one may be asked as well. */
  private async isLate(
    asked: Asked,
    other: ReturnType<typeof byPreference>[number] | undefined,
  ): Promise<boolean> {
    const usual = asked.candidate.standing.usualFirstWordMs;
    if (this.hedging.isOff || usual === undefined || other?.group !== 'well' || other.backEnd.weight === 0)
      return false;
    return !(await isThereWithin(usual, asked)) && this.hedging.take();
  }

  /** One back end's answer, watched. Rejects with `backend_unavailable` when nothing came within the budget. */
  private async *attempt(
    { backEnd, model, standing }: Candidate,
    request: GenerationQuestion,
    { signal, hurry, attempt, stopping }: Attempting,
  ): AsyncGenerator<GenerationPart> {
    const timer = hurry && giveUpInTime(hurry, stopping);
    const watched = standing.begin(performance.now());
    let outcome: 'completed' | 'failed' | 'left' = 'left';
    try {
      const either = AbortSignal.any([signal, stopping.signal]);
      const answer = backEnd.generator.generate({ ...request, model }, either, () => attempt?.connected());
      for await (const part of answer) {
        if (isSilent(part)) continue;
        if (part.type === 'delta') {
          clearTimeout(timer);
          watched.said(performance.now(), part.pieces);
        }
        if (part.type === 'end') {
          outcome = 'completed';
          watched.completed(performance.now());
        }
        yield part;
      }
    } catch (thrown) {
      attempt?.failed(MillraceError.from(thrown).code);
      // Whoever asks for too much haste must not give it a bad name with others.
      if (signal.aborted || stopping.signal.aborted) throw thrown;
      outcome = 'failed';
      throw fail(watched, MillraceError.from(thrown));
    } finally {
      clearTimeout(timer);
      stopping.abort(new MillraceError('cancelled'));
      if (outcome === 'left') watched.left(performance.now());
      this.metrics.count(backEnd.name, outcome);
    }
  }

  /** Those that are not asked for being ill or slow are looked at meanwhile. */
  private lookAt(candidates: readonly Candidate[], beside: GenerationQuestion): void {
    for (const { backEnd, model, standing } of candidates)
      if (standing.takeLook(performance.now()))
        void look(backEnd.generator, { model, ...smallTalk(beside) }, standing).catch((err: unknown) =>
          this.logger.debug({ err, back_end: backEnd.name }, 'a back end is still not well'),
        );
  }

  private standing(backEnd: string, model: string | undefined): Standing {
    const key = JSON.stringify([backEnd, model]);
    const known = this.standings.get(key);
    if (known) return known;
    const standing = new Standing();
    this.standings.set(key, standing);
    this.metrics.watch(backEnd, model, standing);
    return standing;
  }
}

const dearestOf = (backEnds: readonly BackEnd[]): Price => ({
  prompt: Math.max(...backEnds.map(({ price }) => price?.prompt ?? 0)),
  completion: Math.max(...backEnds.map(({ price }) => price?.completion ?? 0)),
});

function fail(watched: Watched, error: MillraceError): MillraceError {
  watched.failed(error, performance.now());
  return error;
}

/** One answer is asked for; what is told of others, or holds no word, is none of it. */
const isSilent = (part: GenerationPart): boolean =>
  part.type === 'delta' &&
  (part.choice !== 0 || Object.values(part.delta).every((value: unknown) => !value || isEmpty(value)));

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Not the request's own fault. */
const mayBeAnothers = ({ spec }: MillraceError): boolean => spec.retryable;

function giveUpInTime(hurry: Hurry, stop: AbortController): NodeJS.Timeout | undefined {
  if (hurry.isOver) return undefined;
  const { budgetMs, began } = hurry;
  const detail = `nothing came within the budget of ${budgetMs} ms`;
  return setTimeout(
    () => {
      hurry.isOver = true;
      stop.abort(new MillraceError('backend_unavailable', { detail }));
    },
    began + budgetMs - performance.now(),
  );
}

const mostTokensOf = ({
  max_completion_tokens: completion,
  max_tokens: tokens,
}: GenerationQuestion['parameters']): number => Number(completion ?? tokens ?? Infinity);
