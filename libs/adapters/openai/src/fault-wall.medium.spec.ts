import { MillraceError } from '@millrace/contracts';
import { faultPatience, faults, MockBackEnd, playNamedFault } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenAiGenerator } from './openai-generator.ts';
import { collect, type Collected } from './testing/at-mock-back-end.ts';

const backEnds = {
  usual: new MockBackEnd(playNamedFault),
  untrusted: new MockBackEnd(playNamedFault, { untrusted: true }),
};
let generators: Readonly<Record<keyof typeof backEnds, OpenAiGenerator>>;

beforeAll(async () => {
  const { firstByteMs: firstByteTimeoutMs, idleMs: idleTimeoutMs } = faultPatience;
  const connect = async (backEnd: MockBackEnd) =>
    new OpenAiGenerator({ baseUrl: await backEnd.listen(), firstByteTimeoutMs, idleTimeoutMs });
  generators = {
    usual: await connect(backEnds.usual),
    untrusted: await connect(backEnds.untrusted),
  };
});
afterAll(async () => {
  for (const generator of Object.values(generators)) await generator.close();
  for (const backEnd of Object.values(backEnds)) await backEnd.close();
});

/** As an answer's time ends. */
function inTime(): AbortSignal {
  const time = new AbortController();
  const end = () => time.abort(new MillraceError('deadline_exceeded'));
  setTimeout(end, faultPatience.answerSeconds * 1000).unref();
  return time.signal;
}

const seenIn = ({ parts, text, error }: Collected) => {
  const last = parts.at(-1);
  const end = last?.type === 'end' ? last : undefined;
  return {
    text,
    end: error?.code ?? end?.finishReasons[0],
    message: error?.message,
    completionTokens: end?.usage?.completionTokens,
  };
};

describe('the fault wall', () => {
  it.concurrent.each(faults)('$name', async ({ name, untrusted, alone }) => {
    const generator = generators[untrusted ? 'untrusted' : 'usual'];
    const { text, end, message } = alone.stream;
    const { completionTokens, estimated } = alone.record;
    expect(seenIn(await collect(generator, inTime(), name))).toEqual({
      ...{ text, end, message },
      completionTokens: estimated ? undefined : completionTokens,
    });
  });

  it('leaves no request behind', async () => {
    for (const backEnd of Object.values(backEnds)) await expect.poll(() => backEnd.underWay).toBe(0);
  });
});
