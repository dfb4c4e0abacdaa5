import { MillraceError } from '@millrace/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ToldPart } from '../answers/told-part.ts';
import { SharedAnswer } from './shared-answer.ts';

const start: ToldPart = { type: 'start', model: 'm', backend: 'b' };
const text = (said: string): ToldPart => ({ type: 'text', channel: 'content', text: said });
const end: ToldPart = {
  type: 'end',
  reason: 'stop',
  usage: { promptTokens: 1, completionTokens: 1, estimated: false },
  citations: [],
  findings: [],
};

/** An answer whose parts come when the test says so, and what became of it. */
class Making {
  readonly ends: (readonly ToldPart[] | undefined)[] = [];
  /** Parts that were made. */
  made = 0;
  isClosed = false;
  private readonly script: (ToldPart | Error)[] = [];
  private more = Promise.withResolvers<void>();

  give(...parts: (ToldPart | Error)[]): void {
    this.script.push(...parts);
    this.more.resolve();
  }

  answer(maxSeconds = 60): SharedAnswer {
    return new SharedAnswer(
      (until) => this.make(until),
      maxSeconds,
      (whole) => this.ends.push(whole),
    );
  }

  private async *make(until: AbortSignal): AsyncGenerator<ToldPart> {
    const gone = new Promise<never>((_, reject) =>
      until.addEventListener('abort', () => reject(until.reason as Error)),
    );
    gone.catch(() => undefined);
    try {
      for (;;) {
        const part = this.script.shift();
        if (part instanceof Error) throw part;
        if (part) {
          this.made += 1;
          yield part;
        } else {
          await Promise.race([this.more.promise, gone]);
          this.more = Promise.withResolvers();
        }
      }
    } finally {
      this.isClosed = true;
    }
  }
}

const never = new AbortController().signal;
let making: Making;
let answer: SharedAnswer;
beforeEach(() => {
  making = new Making();
  answer = making.answer();
});

async function all(parts: AsyncIterable<ToldPart>): Promise<ToldPart[]> {
  const told: ToldPart[] = [];
  for await (const part of parts) told.push(part);
  return told;
}
const next = async (parts: AsyncGenerator<ToldPart>): Promise<ToldPart | undefined> =>
  (await parts.next()).value as ToldPart | undefined;

describe('an answer that several read', () => {
  it('is told to each from its beginning, as it comes, and is whole at its end', async () => {
    const [first, second] = [answer.read(never), answer.read(never)];
    making.give(start, text('a'));
    expect([await next(first), await next(first)]).toEqual([start, text('a')]);
    expect(await next(second)).toEqual(start);
    making.give(text('b'), end);
    expect(await all(first)).toEqual([text('b'), end]);
    expect(await all(second)).toEqual([text('a'), text('b'), end]);
    expect(making.ends).toEqual([[start, text('a'), text('b'), end]]);
  });

  it('is whole when its end was made, though its reader takes nothing after it', async () => {
    making.give(start, text('a'), end);
    for await (const part of answer.read(never)) if (part.type === 'end') break;
    await answer.over;
    expect([making.ends.length, making.ends[0]?.length, making.isClosed]).toEqual([1, 3, true]);
  });

  it('is made no faster than the quickest reads', async () => {
    making.give(start, ...Array.from({ length: 100 }, (_, n) => text(`${n}`)), end);
    const [quick, slow] = [answer.read(never), answer.read(never)];
    await next(slow);
    for (let n = 0; n < 10; n++) await next(quick);
    expect(making.made).toBe(10);
    expect(await all(slow)).toHaveLength(101);
  });

  it('goes on when the first leaves, whether he returns or his signal aborts', async () => {
    const leaving = new AbortController();
    const [first, second, third] = [answer.read(never), answer.read(leaving.signal), answer.read(never)];
    making.give(start);
    for (const reader of [first, second, third]) await next(reader);
    const waiting = next(second);
    const goesOn = next(third);
    await first.return(undefined);
    leaving.abort(new MillraceError('cancelled'));
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    making.give(text('a'), end);
    expect(await goesOn).toEqual(text('a'));
    expect(await all(third)).toEqual([end]);
  });

  it('is stopped when the last leaves, and tells that it broke off', async () => {
    const leaving = new AbortController();
    const reader = answer.read(leaving.signal);
    making.give(start);
    await next(reader);
    const waiting = next(reader);
    leaving.abort(new MillraceError('cancelled'));
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await answer.over;
    expect([making.isClosed, making.ends]).toEqual([true, [undefined]]);
  });

  it('breaks off for all of them, behind what was said', async () => {
    const [first, second] = [answer.read(never), answer.read(never)];
    making.give(start, text('a'), new MillraceError('backend_error'));
    for (const reader of [first, second]) {
      expect([await next(reader), await next(reader)]).toEqual([start, text('a')]);
      await expect(next(reader)).rejects.toMatchObject({ code: 'backend_error' });
    }
    expect(making.ends).toEqual([undefined]);
  });

  it('has an end in time', async () => {
    const late = making.answer(0.02);
    await expect(next(late.read(never))).rejects.toMatchObject({ code: 'deadline_exceeded' });
    await late.over;
    expect(making.isClosed).toBe(true);
  });
});
