import { setImmediate } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { Lane } from '@millrace/ports';
import { Dispatcher, type DispatchLimits } from '../embedding/dispatcher.ts';
import { text } from './dispatching.ts';
import { FakeWorker } from './fake-worker.ts';

export interface Brought {
  readonly do: 'submit';
  readonly lane: Lane;
  readonly group: string;
  /** Tokens of each text, and whether it ends every worker. */
  readonly texts: readonly { readonly tokens: number; readonly isPoison: boolean }[];
}

export type Step =
  | Brought
  /** A worker computes what it has in hand, is killed from outside; a caller goes away. */
  | { readonly do: 'finish' | 'kill' | 'cancel'; readonly which: number };

/** What the spec knows of a text: its own account, to hold the dispatcher's against. */
export interface Known {
  readonly id: number;
  readonly tokens: number;
  readonly isPoison: boolean;
  readonly of: Asked;
  /** Tokens of its group and lane that stood before it when it came, its own included. */
  readonly ahead: number;
  /** What had been sent when it came. */
  readonly before: Sent;
  /** What had been sent when it came back from a worker that ended. */
  back: Sent | undefined;
  /** Workers that were given it, and those that ended while it was first in hand. */
  sends: number;
  crashes: number;
  kills: number;
  isInHand: boolean;
  isComputed: boolean;
}

export interface Asked {
  readonly lane: Lane;
  readonly group: string;
  readonly texts: Known[];
  readonly caller: AbortController;
  /** Ids of the vectors, or the code of the error. */
  readonly answers: (readonly number[] | string)[];
}

/** Counts since the begin. */
export interface Sent {
  /** Tokens of each lane that were given to a worker for the first time. */
  readonly tokens: Readonly<Record<Lane, number>>;
  /** Batches of each lane that went to workers which take everything. */
  readonly batches: Readonly<Record<Lane, number>>;
  /** Workers that were started. */
  readonly workers: number;
}

/** Tokens that one of the workers runs at once. */
export const largeRun = 90;

/** For specs: a dispatcher with two workers for everything and one for queries, and a record of what is asked of it and done. */
export class Mill {
  readonly dispatcher: Dispatcher;
  readonly asked: Asked[] = [];
  readonly known: Known[] = [];
  readonly computed: number[] = [];
  sent: Sent = { tokens: { interactive: 0, bulk: 0 }, batches: { interactive: 0, bulk: 0 }, workers: 0 };
  private readonly places: FakeWorker[] = [];
  private clock = 0;

  /** @param onSend Called before a worker has the texts. */
  constructor(
    limits: DispatchLimits,
    private readonly onSend: (worker: FakeWorker, batch: readonly Known[]) => void,
  ) {
    this.dispatcher = new Dispatcher(limits, () => this.clock);
    this.places.push(this.hire('everything'), this.hire('everything', largeRun), this.hire('interactive'));
  }

  async take(step: Step): Promise<void> {
    this.clock += 500;
    if (step.do === 'submit') this.submit(step);
    else if (step.do === 'finish') this.finish(step.which % this.places.length);
    else if (step.do === 'kill') this.end(step.which % this.places.length, { fromOutside: true });
    else this.asked[step.which % Math.max(1, this.asked.length)]?.caller.abort();
    await setImmediate();
  }

  async finishAll(): Promise<void> {
    while (this.places.some(({ inHand }) => inHand)) {
      for (const place of this.places.keys()) this.finish(place);
      await setImmediate();
    }
  }

  /** Those that wait, by the spec's own account. */
  waiting(lane: Lane, group?: string): Known[] {
    return this.known.filter(
      ({ of, isInHand, isComputed }) =>
        of.lane === lane &&
        (group === undefined || of.group === group) &&
        of.answers.length === 0 &&
        !isInHand &&
        !isComputed,
    );
  }

  /** Workers that have nothing to do. */
  get idle(): FakeWorker[] {
    return this.places.filter(({ inHand }) => !inHand);
  }

  private submit({ lane, group, texts }: Brought): void {
    const asked: Asked = { lane, group, texts: [], caller: new AbortController(), answers: [] };
    let ahead = tokensOf(this.waiting(lane, group));
    for (const { tokens, isPoison } of texts) {
      const id = this.known.length + asked.texts.length + 1;
      ahead += tokens;
      asked.texts.push({
        ...{ id, tokens, isPoison, of: asked, ahead, before: this.sent },
        ...{ back: undefined, sends: 0, crashes: 0, kills: 0, isInHand: false, isComputed: false },
      });
    }
    this.asked.push(asked);
    this.known.push(...asked.texts);
    const ids = asked.texts.map(({ id, tokens }) => text(id, tokens));
    this.dispatcher.submit(ids, { lane, group }, asked.caller.signal).then(
      ({ vectors }) => asked.answers.push(vectors.map((vector) => vector[0]!)),
      (error: unknown) => asked.answers.push(MillraceError.from(error).code),
    );
  }

  private finish(place: number): void {
    const worker = this.places[place]!;
    const batch = this.textsOf(worker.inHand ?? []);
    if (batch.some(({ isPoison }) => isPoison)) return this.end(place, { fromOutside: false });
    worker.finish();
    for (const each of batch) Object.assign(each, { isInHand: false, isComputed: true });
    this.computed.push(...batch.map(({ id }) => id));
  }

  private end(place: number, how: { readonly fromOutside: boolean }): void {
    const worker = this.places[place]!;
    for (const each of this.textsOf(worker.inHand ?? []))
      if (how.fromOutside) each.kills++;
      else each.crashes += Number(each.isPoison);
    for (const batch of worker.batches)
      for (const each of this.textsOf(batch.texts.map(([id]) => id!)))
        Object.assign(each, { isInHand: false, back: this.sent });
    worker.die(how);
    this.dispatcher.detach(worker);
    this.places[place] = this.hire(worker.takes, worker.runTokens);
  }

  private hire(takes: FakeWorker['takes'], runTokens = 0): FakeWorker {
    this.sent = { ...this.sent, workers: this.sent.workers + 1 };
    const worker = new FakeWorker(takes, runTokens, (ids) => this.note(worker, this.textsOf(ids)));
    this.dispatcher.attach(worker);
    return worker;
  }

  private note(worker: FakeWorker, batch: readonly Known[]): void {
    this.onSend(worker, batch);
    const [{ of }] = batch as [Known];
    const { tokens, batches } = this.sent;
    const fresh = tokensOf(batch.filter(({ sends }) => sends === 0));
    this.sent = {
      ...this.sent,
      tokens: { ...tokens, [of.lane]: tokens[of.lane] + fresh },
      batches: { ...batches, [of.lane]: batches[of.lane] + Number(worker.takes === 'everything') },
    };
    for (const each of batch) {
      each.sends++;
      each.isInHand = true;
    }
  }

  private textsOf(ids: readonly number[]): Known[] {
    return ids.map((id) => this.known[id - 1]!);
  }
}

export const tokensOf = (texts: readonly Known[]): number =>
  texts.reduce((sum, { tokens }) => sum + tokens, 0);
