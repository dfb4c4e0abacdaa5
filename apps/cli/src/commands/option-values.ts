import { InvalidArgumentError } from 'commander';
import { fusionWeights, replayInput, type Filter, type Metadata } from '@millrace/contracts';
import { UsageError } from '../errors.ts';

type Value = Metadata[string];
type Scalar = string | number | boolean;

/** For an option that may be given several times. */
export const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** The words of a question as one text. */
export function textOf(words: readonly string[], what: string): string {
  const text = words.join(' ');
  if (text.trim() === '') throw new UsageError(`The ${what} is empty. (--help shows examples)`);
  return text;
}

/** A whole number in a range. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };

/** A number in a range. */
export const between =
  (min: number, max: number) =>
  (text: string): number => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!(value >= min && value <= max))
      throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`);
    return value;
  };

/** `2:1` -> `{ dense: 2, sparse: 1 }`. */
export function weights(text: string): { dense: number; sparse: number } {
  const [dense, sparse, ...more] = text.split(':').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const parsed = fusionWeights.safeParse({ dense, sparse });
  if (!parsed.success || dense === undefined || sparse === undefined || more.length > 0)
    throw new InvalidArgumentError('Write two numbers from 0 to 100, not both 0: meaning:words, as 2:1.');
  return parsed.data;
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `2h`: that long ago; else a time with its offset, as RFC 3339 writes it. As RFC 3339. */
export function pastTime(text: string): string {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const time = unit ? Date.now() - Number(amount) * unitMs[unit as keyof typeof unitMs] : Date.parse(text);
  // Date.parse alone would take the 30th of February for a day in March.
  const isExact = unit !== undefined || replayInput.shape.since.safeParse(text).success;
  if (!isExact || Number.isNaN(time))
    throw new InvalidArgumentError('Write 90m, 2h or 7d for so long ago, or a time as 2026-03-01T09:00:00Z.');
  return new Date(time).toISOString();
}

/** `year=2024 tag=a tag=b` -> `{ year: 2024, tag: ['a', 'b'] }`. Numbers, true and false are read as such. */
export function addPair(pair: string, before: Metadata = {}): Metadata {
  const [key, value] = splitPair(pair);
  const present = before[key];
  return { ...before, [key]: present === undefined ? value : [...list(present), String(value)] };
}

const list = (value: Value): string[] => (Array.isArray(value) ? value : [String(value)]);

function splitPair(pair: string): [string, Scalar] {
  const at = pair.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as key=value.');
  return [pair.slice(0, at), scalar(pair.slice(at + 1))];
}

const scalar = (text: string): Scalar => {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) && String(Number(text)) === text ? Number(text) : text;
};

/** A filter as JSON, or as `key=value`; given several times, all must hold. */
export function addFilter(text: string, before?: Filter): Filter {
  const next = text.trimStart().startsWith('{') ? parseFilter(text) : Object.fromEntries([splitPair(text)]);
  return before ? { $and: [before, next] } : next;
}

function parseFilter(text: string): Filter {
  try {
    return JSON.parse(text) as Filter;
  } catch {
    throw new InvalidArgumentError('It is not valid JSON. Example: \'{"year": {"gte": 2020}}\'');
  }
}
