import type { Candidate, Detector, View } from '../engine/detector.ts';
import { everyMatch } from '../engine/every-match.ts';

/**
 * Secrets that only their surroundings give away: `after` is what stands before, and may have left already; the secret
 * itself is the run of `body` that follows it.
 */
interface Surroundings {
  /** Matches `lookBack` characters at most; two matches never overlap. */
  readonly after: RegExp;
  readonly body: RegExp;
  readonly min: number;
  readonly isSecret: (value: string) => boolean;
}

const lookBack = 48;
const maxSecret = 512;

const hasLetterAndDigit = (value: string): boolean => /\d/.test(value) && /[a-z]/i.test(value);

const surroundings: readonly Surroundings[] = [
  {
    // password = "...", api_key: ..., CLIENT_SECRET=...
    after:
      /(?:passw(?:or)?d|passphrase|secret|(?:api|access|secret|private|auth)[_ -]?key|token|credentials?)["'`]?\s{0,3}(?::=|=>|[:=])\s{0,3}["'`]?/g,
    body: /[^\s"'`<>(){}[\],;]/,
    min: 8,
    isSecret: hasLetterAndDigit,
  },
  {
    // Authorization: Bearer ...
    after: /\b(?:bearer|basic)\s{1,3}/g,
    body: /[A-Za-z0-9_.~+/=-]/,
    min: 20,
    isSecret: hasLetterAndDigit,
  },
  {
    // postgres://user:password@host
    after: /:\/\/[^\s:/@]{0,24}:/g,
    body: /[^\s/]/,
    min: 2,
    isSecret: (value) => /^[^@]{1,256}@/.test(value),
  },
];

/** Values after words such as `password =`, bearer tokens, passwords inside addresses. */
export const credentials: Detector = { category: 'secrets/key', score: 0.8, detect };

function* detect(view: View): Generator<Candidate> {
  const { lower, from } = view;
  for (const { after, ...format } of surroundings)
    for (const match of everyMatch(after, lower, Math.max(0, from - lookBack))) {
      const start = match.index + match[0].length;
      if (start >= from) yield* follow(view, start, format);
    }
}

function* follow(
  { text, complete }: View,
  start: number,
  { body, min, isSecret }: Omit<Surroundings, 'after'>,
): Generator<Candidate> {
  const last = Math.min(text.length, start + maxSecret);
  let end = start;
  while (end < last && body.test(text.charAt(end))) end++;
  if (end === start + maxSecret) yield { start, end, overlong: true };
  else if (end === text.length && !complete) yield { start, end, open: true };
  else if (end - start >= min && isSecret(text.slice(start, end))) yield { start, end };
}
