import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Module } from '@nestjs/common';
import { calls, type CallInput, type CallOutput } from '@millrace/contracts';
import { HandleCall } from '@millrace/platform';
import {
  everyCut,
  leakCases,
  proveNoLeaks,
  randomCuts,
  ScriptedModel,
  type LeakRun,
} from '@millrace/testing';
import { examplePages } from '../example-pages.ts';
import { firstToken } from '../first-token.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { startAnswers } from '../moderated-answers.ts';
import { pace } from '../paced-model.ts';
import { percentiles } from '../statistics.ts';

export const leak: Measurement = {
  name: 'leak',
  summary: 'what leaks of answers wherever they are cut, and what holding back adds to the first token',
  run: async (context) => [...(await leaks(context)), ...(await firstTokens(context))],
};

const seed = 20_261_130;

async function leaks({ quick, note }: BenchContext): Promise<Case[]> {
  const millrace = await startAnswers();
  const prove = async (name: string, runs: Iterable<LeakRun>): Promise<Case[]> => {
    note(name);
    const { runs: n, leakedBytes, faulty, faults } = await proveNoLeaks(runs, millrace);
    faults.forEach(note);
    const none = { sense: '<=', limit: 0 } as const;
    return [
      withGoal({ case: `${name}: leaked`, value: leakedBytes, unit: 'bytes', n }, none),
      withGoal({ case: `${name}: told otherwise than it should be`, value: faulty, unit: 'runs', n }, none),
    ];
  };
  try {
    const some = leakCases.filter((_, at) => !quick || at % 8 === 0);
    return [
      ...(await prove(
        `${some.length} texts cut at every place`,
        some.flatMap((one) => [...everyCut(one)]),
      )),
      ...(await prove(
        'one to three at once, cut at random',
        randomCuts(leakCases, quick ? 1_000 : 10_000, seed),
      )),
    ];
  } finally {
    await millrace.stop();
  }
}

/** Harmless answers at a model's pace, with moderation and without, in turns. */
async function firstTokens({ quick, note, signal }: BenchContext): Promise<Case[]> {
  const model = new ScriptedModel(() => wait(pace.everyMs));
  const [moderated, bare] = [
    await startAnswers(model),
    await startAnswers(model, { moderator: LetsAllPass }),
  ];
  const ask = (url: string, text: string): Promise<number> => {
    const pieces = tokensOf(text).map((token) => ({ channel: 'content' as const, text: token }));
    const messages = [{ role: 'user', content: model.tell(pieces) }];
    return firstToken(`${url}/v1`, { messages, millrace: { retrieval: false } }, signal);
  };
  try {
    const texts = await beginnings(quick ? 40 : 400);
    note(`the first token of ${texts.length} answers`);
    for (const text of texts.slice(0, 20)) for (const { url } of [moderated, bare]) await ask(url, text);
    const [held, passed]: [number[], number[]] = [[], []];
    for (const text of texts) {
      passed.push(await ask(bare.url, text));
      held.push(await ask(moderated.url, text));
    }
    return compared(held, passed);
  } finally {
    await Promise.all([moderated.stop(), bare.stop()]);
  }
}

function compared(held: readonly number[], passed: readonly number[]): Case[] {
  const [own, peer] = [percentiles(held), percentiles(passed)];
  const added = percentiles(held.map((time, at) => time - passed[at]!));
  const waited = held.filter((time, at) => time - passed[at]! > pace.everyMs / 2).length / held.length;
  return [
    ...(['p50', 'p95'] as const).map((share) =>
      withoutGoal({
        ...{ case: `first token, ${share}`, value: own[share], unit: 'ms', n: own.n },
        ...{ peer: 'nothing held back', peer_value: peer[share], ratio: own[share] / peer[share] },
      }),
    ),
    withoutGoal({ case: 'first token, added', value: added.p50, unit: 'ms', ...added }),
    withoutGoal({ case: 'first tokens that waited for a second', value: 100 * waited, unit: '%', n: own.n }),
  ];
}

/** The first few words of sentences. */
async function beginnings(count: number): Promise<string[]> {
  const pages = await examplePages();
  const sentences = pages.flatMap(([, { text = '' }]) => text.split(/\n+|(?<=[.!?]) /));
  return sentences
    .filter((text) => /^[A-Z].{30}/.test(text))
    .slice(0, count)
    .map((text) => text.slice(0, 24));
}

/** Cut about as a language model cuts. */
const tokensOf = (text: string): string[] =>
  text.match(/ ?\p{L}{1,6}| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]|\s/gu) ?? [];

@Injectable()
class NoModerator {
  @HandleCall(calls.moderate)
  async moderate({
    text,
    encoding,
  }: CallInput<typeof calls.moderate>): Promise<CallOutput<typeof calls.moderate>> {
    const next = { preceding: '', encoding };
    return { action: 'allow', text, holdFrom: text.length, findings: [], next };
  }
}

@Module({ providers: [NoModerator] })
class LetsAllPass {}
