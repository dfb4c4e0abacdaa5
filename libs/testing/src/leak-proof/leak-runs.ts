import { randomNumbers } from '../random-numbers.ts';
import type { LeakCase, LeakChannel } from './leak-case.ts';
import type { Piece } from './scripted-model.ts';

/** Cases that are said at once, each in a channel of its own, and how they are cut. */
export interface LeakRun {
  readonly cases: readonly LeakCase[];
  readonly pieces: readonly Piece[];
}

/** Whole, unit by unit, and once at every place. */
export function* everyCut(leak: LeakCase): Generator<LeakRun> {
  const run = (texts: readonly string[]): LeakRun => ({
    cases: [leak],
    pieces: texts.map((text) => ({ channel: leak.channel, text })),
  });
  yield run([leak.text]);
  yield run(leak.text.split(''));
  for (let at = 1; at < leak.text.length; at++) yield run([leak.text.slice(0, at), leak.text.slice(at)]);
}

/** One to three cases at random, at random places, their pieces in each other's way. */
export function* randomCuts(cases: readonly LeakCase[], count: number, seed: number): Generator<LeakRun> {
  const random = randomNumbers(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const byChannel = Map.groupBy(cases, ({ channel }) => channel);
  for (let made = 0; made < count; made++) {
    const channels = shuffled([...byChannel.keys()], below).slice(0, 1 + below(3));
    const chosen = channels.map((channel) => {
      const of = byChannel.get(channel)!;
      return of[below(of.length)]!;
    });
    yield {
      cases: chosen,
      pieces: interleaved(
        chosen.map((leak) => cutUp(leak, below)),
        below,
      ),
    };
  }
}

function cutUp({ channel, text }: LeakCase, below: (limit: number) => number): Piece[] {
  const cuts = Array.from({ length: 1 + below(12) }, () => below(text.length));
  const places = [...new Set([0, ...cuts])].sort((a, b) => a - b);
  return places.map((from, index) => ({ channel, text: text.slice(from, places[index + 1]) }));
}

function interleaved(lists: readonly Piece[][], below: (limit: number) => number): Piece[] {
  const left = lists.map((list) => [...list]);
  const pieces: Piece[] = [];
  for (;;) {
    const waiting = left.filter((list) => list.length > 0);
    if (waiting.length === 0) return pieces;
    pieces.push(waiting[below(waiting.length)]!.shift()!);
  }
}

function shuffled(channels: readonly LeakChannel[], below: (limit: number) => number): LeakChannel[] {
  const left = [...channels];
  return channels.map(() => left.splice(below(left.length), 1)[0]!);
}
