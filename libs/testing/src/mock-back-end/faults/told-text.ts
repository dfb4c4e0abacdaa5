import { delta, done, finish, usage } from '../completion-frames.ts';

/** Of more than one byte each are some of its characters, of two units of UTF-16 one. */
const words =
  'Greetings from the Mühle by the weir 🌊 where the miller lifts the sluice at dawn and the water runs down the race to the ' +
  'wheel which turns the shaft that drives the stones and between them barley becomes meal while a heron stands on one ' +
  'leg in the shallows until the wheel stops and the valley is quiet again';

export const tokens: readonly string[] = words.split(/(?= )/);

/** What every play tells, or would have told; or its first so many tokens of sixty. */
export const told = (count = tokens.length): string => tokens.slice(0, count).join('');

/** The same as a frame each. */
export const telling = (count = tokens.length): string[] => tokens.slice(0, count).map(delta);

export const counted = { promptTokens: 7, completionTokens: tokens.length };
export const lastUsage = usage(counted.promptTokens, counted.completionTokens);

/** How it ends where nothing is wrong. */
export const ending: readonly string[] = [finish(), lastUsage, done];
