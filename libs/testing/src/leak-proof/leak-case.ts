import type { FinishReason, GenerationDelta } from '@millrace/ports';

export type LeakChannel = 'content' | 'reasoning' | 'tool';

/** What must not leave: with a label it is redacted, without one the answer ends before it. */
interface Hidden {
  readonly hidden: string;
  readonly label?: string;
}

/** What a model says, what of it may leave, and how the answer ends. */
export interface LeakCase {
  readonly name: string;
  /** The same for what is said in several channels. */
  readonly said: string;
  readonly channel: LeakChannel;
  readonly text: string;
  readonly released: string;
  readonly end: FinishReason;
  /** What moderation finds in it. */
  readonly categories: readonly string[];
}

/** Leaves as it is by the default policy, and is redacted by the strict one. */
interface Flagged {
  readonly flagged: string;
  readonly label: string;
}

type Decided = readonly (string | Hidden)[];
export type Said = readonly (string | Hidden | Flagged)[];

export const redacted = (hidden: string, label: string): Hidden => ({ hidden, label });
export const blocked = (hidden: string): Hidden => ({ hidden });
export const flagged = (text: string, label: string): Flagged => ({ flagged: text, label });

/** What leaves by a policy. */
export const decided = (said: Said, policy: 'default' | 'strict'): Decided =>
  said.map((part) => {
    if (typeof part === 'string' || 'hidden' in part) return part;
    return policy === 'default' ? part.flagged : redacted(part.flagged, part.label);
  });

/** @param written how a part stands in the channel */
export function leakCase(
  name: string,
  channel: LeakChannel,
  categories: readonly string[],
  said: Decided,
  written: (text: string) => string = (text) => text,
): LeakCase {
  const textOf = (part: string | Hidden): string => written(typeof part === 'string' ? part : part.hidden);
  const stop = said.findIndex((part) => typeof part !== 'string' && part.label === undefined);
  const leaving = stop < 0 ? said : said.slice(0, stop);
  return {
    ...{ name: `${name}, ${channel}`, said: name, channel, categories },
    text: said.map(textOf).join(''),
    released: leaving
      .map((part) => (typeof part === 'string' ? written(part) : `[redacted: ${part.label}]`))
      .join(''),
    end: stop >= 0 ? 'content_filter' : channel === 'tool' ? 'tool_calls' : 'stop',
  };
}

/** The arguments of a tool that says the same in a string. */
export function inArguments(
  name: string,
  categories: readonly string[],
  said: Decided,
  written = inString,
): LeakCase {
  const { text, released, ...others } = leakCase(name, 'tool', categories, said, written);
  const [before, after] = ['{"say": "', '", "n": 1}'];
  const isWhole = others.end !== 'content_filter';
  return { ...others, text: before + text + after, released: before + released + (isWhole ? after : '') };
}

const inString = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Each unit as `\u0041`. */
export const escaped = (text: string): string =>
  text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

export const deltaOf = (channel: LeakChannel, text: string): GenerationDelta => {
  if (channel === 'content') return { content: text };
  if (channel === 'reasoning') return { reasoning: text };
  return { toolCalls: [{ index: 0, function: { arguments: text } }] };
};
