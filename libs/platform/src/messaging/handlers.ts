import type {
  AnyEventSpec,
  CallInput,
  CallOutput,
  CallSpec,
  DeadLetter,
  EventData,
  JobData,
  JobSpec,
  RouteSpec,
} from '@millrace/contracts';
import type { LogPlace } from '@millrace/ports';
import type { RouteRequest } from '../http/route-request.ts';

/** What a handler is told beside its data. */
export interface HandlerContext {
  /** Aborts when the time is up, the caller went away, or the process hands its work back. */
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
}

export interface EventContext extends HandlerContext {
  /** The record's key; empty when it has none. */
  readonly key: string;
  readonly place: LogPlace;
}

export interface JobContext extends HandlerContext {
  /** 1 on the first run. */
  readonly attempt: number;
}

export type Binding =
  | {
      readonly kind: 'event';
      readonly spec: AnyEventSpec;
      readonly group: string;
      readonly keysAtOnce: number;
    }
  | { readonly kind: 'dead-letters'; readonly group: string }
  | { readonly kind: 'job'; readonly spec: JobSpec }
  | { readonly kind: 'call'; readonly spec: CallSpec }
  | { readonly kind: 'route'; readonly spec: RouteSpec };

export interface HandlerBinding {
  readonly binding: Binding;
  readonly method: string;
}

const bindings = new WeakMap<object, HandlerBinding[]>();

/** Bindings declared on an instance's class. */
export const bindingsOf = (instance: object): readonly HandlerBinding[] => {
  const prototype = Object.getPrototypeOf(instance) as object | null;
  return (prototype && bindings.get(prototype)) ?? [];
};

/** A method decorator that only fits methods of the given shape. */
type Handles<M> = <K extends string>(target: Record<K, M>, key: K, descriptor: PropertyDescriptor) => void;

const bind =
  <M>(binding: Binding): Handles<M> =>
  (target, key) => {
    const declared = bindings.get(target) ?? [];
    bindings.set(target, [...declared, { binding, method: key }]);
  };

/**
 * Handles events in a consumer group. Must be quick: validate, note, enqueue; slow work is a job. `keysAtOnce`: of how many
 * keys events are handled at a time, those of one key always in order; default 1.
 */
export const HandleEvent = <E extends AnyEventSpec>(
  spec: E,
  { group, keysAtOnce = 1 }: { group: string; keysAtOnce?: number },
) =>
  bind<(data: EventData<E>, context: EventContext) => Promise<void>>({
    kind: 'event',
    spec,
    group,
    keysAtOnce,
  });

/** Sees every dead letter of every topic in a consumer group. */
export const HandleDeadLetters = ({ group }: { group: string }) =>
  bind<(letter: DeadLetter, context: HandlerContext) => Promise<void>>({ kind: 'dead-letters', group });

/** Works on jobs; the event that the job table names for it is consumed and enqueued by the platform. */
export const HandleJob = <J extends JobSpec>(spec: J) =>
  bind<(data: JobData<J>, context: JobContext) => Promise<void>>({ kind: 'job', spec });

/** Answers calls of other services. */
export const HandleCall = <C extends CallSpec>(spec: C) =>
  bind<(input: CallInput<C>, context: HandlerContext) => Promise<CallOutput<C>>>({ kind: 'call', spec });

/** Answers an HTTP route; returns the JSON body, or a `Reply`. */
export const HandleRoute = <R extends RouteSpec>(spec: R) =>
  bind<(request: RouteRequest<R>) => Promise<unknown>>({ kind: 'route', spec });
