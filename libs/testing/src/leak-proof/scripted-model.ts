import type { GenerationDelta, GenerationPart, GenerationRequest, Generator } from '@millrace/ports';
import { deltaOf, type LeakChannel } from './leak-case.ts';

export interface Piece {
  readonly channel: LeakChannel;
  readonly text: string;
}

/** What comes after the pieces: its end, silence, or more and more in a channel. */
type Then = 'end' | 'silence' | { readonly moreIn: LeakChannel };

interface Script {
  readonly pieces: readonly Piece[];
  readonly then: Then;
}

/** Pieces beyond its script that it says before it complains that nobody stops it. */
const patience = 400;

/** A language model that says what it was told to, piece by piece: each is taken before the next one comes. */
export class ScriptedModel implements Generator {
  readonly name = 'scripted';
  private readonly scripts = new Map<string, Script>();
  private told = 0;

  /** @param taken resolves once the piece before has been seen to */
  constructor(private readonly taken: () => Promise<unknown> = someTurns) {}

  /** What to ask it to hear this. */
  tell(pieces: readonly Piece[], then: Then = 'end'): string {
    const question = `Say number ${++this.told}.`;
    this.scripts.set(question, { pieces, then });
    return question;
  }

  async models(): Promise<string[]> {
    return [this.name];
  }

  async healthy(): Promise<boolean> {
    return true;
  }

  async *generate(request: GenerationRequest, signal: AbortSignal): AsyncGenerator<GenerationPart> {
    const question = 'prompt' in request ? request.prompt : (request.messages.at(-1)!.content as string);
    const { pieces, then } = this.scripts.get(question)!;
    this.scripts.delete(question);
    const called = pieces.some(({ channel }) => channel === 'tool');
    yield { type: 'start', model: this.name };
    if (called) yield delta({ toolCalls: [call] });
    for (const { channel, text } of pieces) {
      await this.taken();
      yield delta(deltaOf(channel, text));
    }
    if (then === 'silence') await stopped(signal);
    if (typeof then === 'object') yield* this.more(then.moreIn, signal);
    const usage = { promptTokens: 1, completionTokens: pieces.length };
    yield { type: 'end', finishReasons: [called ? 'tool_calls' : 'stop'], usage };
  }

  private async *more(channel: LeakChannel, signal: AbortSignal): AsyncGenerator<GenerationPart> {
    for (let said = 0; said < patience; said++) {
      await this.taken();
      signal.throwIfAborted();
      yield delta(deltaOf(channel, ' and so on'));
    }
    throw new Error('it was never stopped');
  }
}

export const tools = [{ type: 'function', function: { name: 'note' } }];
const call = { index: 0, id: 'call', type: 'function', function: { name: 'note', arguments: '' } };

const delta = (said: GenerationDelta): GenerationPart => ({ type: 'delta', choice: 0, delta: said });

/** Moderation in the same process has answered by then. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const stopped = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
