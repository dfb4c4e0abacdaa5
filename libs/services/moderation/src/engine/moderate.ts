import type { CallInput, CallOutput, calls, ModerationFinding } from '@millrace/contracts';
import { policy } from '../policy.ts';
import type { Candidate, Detector, View } from './detector.ts';
import { folding, type FoldedText } from './folded-text.ts';
import { atOnce } from './turns.ts';
import { wordsOf } from './words.ts';
import { maxUnion, unite, type Span } from './spans.ts';

export type ModerationInput = CallInput<typeof calls.moderate>;
export type ModerationOutput = CallOutput<typeof calls.moderate>;

/** Flags hold nothing back, so in a stream one may have begun in what left already: so far back it is looked for. */
const flagsReachBack = 128;

/**
 * Checks a text against all detectors. What is released of a stream does not depend on how it was cut: every decision
 * is taken once the stretch of text that it depends on is there whole, and until then the text is held back.
 */
export const moderate = (detectors: readonly Detector[], input: ModerationInput): ModerationOutput =>
  atOnce(moderating(detectors, input));

/** The same, with places to pause at: of a long text it takes tenths of a second. */
export function* moderating(
  detectors: readonly Detector[],
  input: ModerationInput,
): Generator<void, ModerationOutput> {
  const { direction, preceding, text, final } = input;
  const folded = yield* folding(preceding + text);
  const from = folded.indexAt(preceding.length);
  const lower = folded.text.toLowerCase();
  const view: View = { text: folded.text, lower, words: wordsOf(lower), from, complete: final };
  const looseView: View = { ...view, from: Math.max(0, from - flagsReachBack), complete: true };
  const spans: Span[] = [];
  const flags: ModerationFinding[] = [];
  for (const detector of detectors) {
    const { category, score } = detector;
    const action = policy[category][direction];
    yield;
    if (action === 'flag')
      for (const candidate of detector.detect(looseView)) {
        yield;
        const place = placeOf(candidate, folded, preceding.length);
        if (place.end > 0) flags.push({ ...place, start: Math.max(0, place.start), category, action, score });
      }
    else
      for (const candidate of detector.detect(view)) {
        yield;
        spans.push({
          ...placeOf(candidate, folded, preceding.length),
          category,
          score,
          open: candidate.open ?? false,
          blocks: action === 'block' || (candidate.overlong ?? false),
        });
      }
  }
  return { ...release(input, spans), findings: [...findingsOf(spans), ...flags] };
}

function placeOf({ start, end }: Candidate, folded: FoldedText, offset: number) {
  return { start: folded.startOf(start) - offset, end: folded.endOf(end - 1) - offset };
}

const findingsOf = (spans: readonly Span[]): ModerationFinding[] =>
  spans
    .filter(({ open }) => !open)
    .map(({ start, end, category, score, blocks }) => ({
      category,
      action: blocks ? 'block' : 'redact',
      score,
      start,
      end,
    }));

function release(
  { text, final }: ModerationInput,
  spans: readonly Span[],
): Omit<ModerationOutput, 'findings'> {
  let released = '';
  let at = 0;
  for (const { start, end, open, blocks, category } of unite(spans)) {
    const tooLong = end - start > maxUnion;
    released += text.slice(at, start);
    if (blocks && (tooLong || !open)) return { action: 'block', text: released, holdFrom: start };
    if (open) return { action: at > 0 ? 'redact' : 'allow', text: released, holdFrom: start };
    released += `[redacted: ${policy[category].label}]`;
    at = end;
  }
  const holdFrom = !final && endsInsideCharacter(text) ? text.length - 1 : text.length;
  return { action: at > 0 ? 'redact' : 'allow', text: released + text.slice(at, holdFrom), holdFrom };
}

/** The second half of a surrogate pair is still to come, and decides what the character is. */
const endsInsideCharacter = (text: string): boolean => /[\ud800-\udbff]$/.test(text);
