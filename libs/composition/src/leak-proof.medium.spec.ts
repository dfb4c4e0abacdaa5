import { Injectable, Module } from '@nestjs/common';
import { calls, type CallInput, type CallOutput, type ModerationPolicy } from '@millrace/contracts';
import { bootstrap, HandleCall, Settings } from '@millrace/platform';
import { TEXT_CLASSIFIER, type TextClassifier } from '@millrace/ports';
import {
  everyCut,
  hear,
  leakCases,
  ProvenMillrace,
  proveNoLeaks,
  randomCuts,
  strictLeakCases,
  strictPolicy,
  workersDir,
  type LeakRun,
} from '@millrace/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compose } from './compose.ts';
import type { PortTable } from './port-host.ts';
import { allSettings } from './settings/all-settings.ts';

/** Thousands of answers, on a machine that may be busy. */
const patienceMs = 180_000;

let millrace: ProvenMillrace | undefined;
afterEach(() => millrace?.stop());

/** Generation, moderation and control in one process. @param moderator moderates in its place */
async function start(
  moderator?: new () => object,
  more: Record<string, string> = {},
  ports: PortTable = new Map(),
) {
  millrace = await ProvenMillrace.start((environment, own) => {
    const settings = new Settings(allSettings, { environment: { ...environment, ...more }, file: {} });
    return bootstrap('leak-proof', settings, async (logger) => {
      const dist = new URL('../', workersDir);
      const services = ['generation', 'control', ...(moderator ? [] : ['moderation' as const])] as const;
      const composed = await compose({ services, dist }, settings, logger, new Map([...own, ...ports]));
      return { ...composed, modules: [...composed.modules, ...(moderator ? [moderator] : [])] };
    });
  });
  return millrace;
}

async function setPolicy(url: string, policy: ModerationPolicy): Promise<void> {
  const { ok } = await fetch(`${url}/v1/admin/tenants/default/moderation`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(policy),
  });
  if (!ok) throw new Error('the policy was not taken');
}

const noLeaks = (runs: number) => ({ runs, leakedBytes: 0, faulty: 0, faults: [] });

describe('an answer', () => {
  it(
    'lets nothing leak and is the same wherever it is cut, in content, reasoning and arguments',
    async () => {
      // Each in one of them, in turns; `npm run bench -- leak` has each in all, and with every character escaped.
      const channels = [...Map.groupBy(leakCases, ({ said }) => said).values()];
      const runs = channels.flatMap((cases, at) => [...everyCut(cases[at % Math.min(cases.length, 3)]!)]);
      expect(await proveNoLeaks(runs, await start())).toEqual(noLeaks(runs.length));
    },
    patienceMs,
  );

  it('lets nothing leak of several at once, cut at random', async () => {
    const runs = randomCuts(leakCases, 400, 20_261_130);
    expect(await proveNoLeaks(runs, await start())).toEqual(noLeaks(400));
  });

  it(
    'lets nothing leak by the policy that its tenant has, whatever that redacts',
    async () => {
      const proven = await start();
      await setPolicy(proven.url, strictPolicy);
      const changed = strictLeakCases.filter(({ released }, at) => released !== leakCases[at]!.released);
      const channels = [...Map.groupBy(changed, ({ said }) => said).values()];
      const runs = [
        ...channels.flatMap((cases, at) => [...everyCut(cases[at % 3]!)]),
        ...randomCuts(strictLeakCases, 200, 20_261_130),
      ];
      expect(await proveNoLeaks(runs, proven)).toEqual(noLeaks(runs.length));
    },
    patienceMs,
  );

  it('goes by a new policy within two seconds, and says which one it went by', async () => {
    const proven = await start();
    const { url, model, log } = proven;
    const say = (text: string) => [{ channel: 'content' as const, text }];
    const before = await hear(url, model.tell(say('Write to jane@example.org.')));
    await setPolicy(url, strictPolicy);
    // A change counts within two seconds.
    const after = await vi.waitUntil(
      async () => {
        const heard = await hear(url, model.tell(say('Write to jane@example.org.')));
        return heard.said.content.includes('jane') ? undefined : heard;
      },
      { timeout: 5_000, interval: 200 },
    );
    expect(after.said.content).toBe('Write to [redacted: e-mail address].');
    const [first, last] = [before, after].map(({ requestId }) => log.answers.get(requestId)!);
    const email = { direction: 'output', category: 'pii/email' };
    expect(first!.findings).toContainEqual({ ...email, action: 'flag' });
    expect(last!.findings).toContainEqual({ ...email, action: 'redact' });
    expect(last!.policy).not.toBe(first!.policy);
  });

  it('lets nothing of what is undecided leave when the model falls silent until the time is up', async () => {
    const { url, model } = await start(undefined, { MILLRACE_GENERATION_MAX_SECONDS: '1' });
    const pieces = ['The card is', ' 4111 1111 1', '11'].map((text) => ({
      channel: 'content' as const,
      text,
    }));
    expect(await hear(url, model.tell(pieces, 'silence'))).toMatchObject({
      said: { content: 'The card is ' },
      end: 'deadline_exceeded',
    });
  });

  it('is flagged for what the classifier finds in all of it, and leaves as it came', async () => {
    const judged: string[] = [];
    const value: TextClassifier = {
      ...{ model: 'test', categories: ['hate'], maxChars: 1_000 },
      classify: async ({ text }) => {
        judged.push(text);
        return [{ category: 'hate', score: 0.9, found: text.includes('turns') }];
      },
    };
    const classifier = { name: 'text-classifier', open: async () => ({ value }) };
    const { url, model, log } = await start(undefined, {}, new Map([[TEXT_CLASSIFIER, classifier]]));
    const pieces = ['The wheel', ' turns', ' by the river.'].map((text) => ({
      channel: 'content' as const,
      text,
    }));
    const { said, end, requestId } = await hear(url, model.tell(pieces));
    expect([said.content, end]).toEqual(['The wheel turns by the river.', 'stop']);
    expect(judged.at(-1)).toBe('the wheel turns by the river.');
    expect(log.answers.get(requestId)?.findings).toEqual([
      { direction: 'output', category: 'hate', action: 'flag' },
    ]);
  });

  it('would be caught leaking at every place where a text is cut that is moderated piece by piece', async () => {
    const leak = leakCases.find(({ name }) => name === 'card, content')!;
    const naive = await start(PieceByPiece);
    const [first, last] = [leak.text.indexOf('4111'), leak.text.lastIndexOf('1111') + 4];
    const cutsThrough = ({ pieces: [piece, ...others] }: LeakRun) =>
      others.length > 0 && piece!.text.length < last && (others.length > 1 || piece!.text.length > first);
    for (const run of everyCut(leak)) {
      const { leakedBytes } = await proveNoLeaks([run], naive);
      expect(leakedBytes > 0, JSON.stringify(run.pieces)).toBe(cutsThrough(run));
    }
  });
});

/** Looks at each piece for itself. */
@Injectable()
class NaiveModerator {
  @HandleCall(calls.moderate)
  async moderate({
    text,
    encoding,
  }: CallInput<typeof calls.moderate>): Promise<CallOutput<typeof calls.moderate>> {
    return {
      ...{ action: 'allow', findings: [], holdFrom: text.length, next: { preceding: '', encoding } },
      text: text.replace('4111 1111 1111 1111', '[redacted: payment card]'),
    };
  }
}

@Module({ providers: [NaiveModerator] })
class PieceByPiece {}
