import {
  effectivePolicy,
  moderationContext,
  type CallInput,
  type CallOutput,
  type calls,
  type ModerationAction,
  type ModerationFinding,
} from '@millrace/contracts';
import type { Candidate, Detector, View } from './detector.ts';
import { folding, type FoldedText } from './folded-text.ts';
import { JsonText } from './json-text.ts';
import { readingOf } from './reading.ts';
import { release, type Leaving } from './release.ts';
import type { Span } from './spans.ts';
import { atOnce } from './turns.ts';
import { wordsOf } from './words.ts';

export type ModerationInput = Omit<CallInput<typeof calls.moderate>, 'tenant'>;
export type ModerationOutput = CallOutput<typeof calls.moderate>;

export interface Moderated extends ModerationOutput {
  /** What is decided of the text, as its words are read. */
  readonly read: string;
}

/** Flags hold nothing back, so in a stream one may have begun in what left already: so far back it is looked for. */
const flagsReachBack = 128;
/** Nor does anything wait for them: of a stream they are looked for in so much at a time. With the reach no more than the context. */
const flaggedAtOnce = 128;

/**
 * Checks a text against all detectors whose finds the policy does not allow. What is released of a stream does not depend on how it was cut: every decision
 * is taken once the stretch of text that it depends on is there whole, and until then the text is held back.
 */
export const moderate = (detectors: readonly Detector[], input: ModerationInput): Moderated =>
  atOnce(moderating(detectors, input));

/** The same, with places to pause at: of a long text it takes tenths of a second. */
export function* moderating(
  detectors: readonly Detector[],
  input: ModerationInput,
): Generator<void, Moderated> {
  const { preceding, text, final, encoding, unflagged = 0 } = input;
  const before = (yield* folding(preceding)).text;
  const folded = yield* folding(text, { encoding: encoding === 'text' ? 'text' : 'json', final });
  const view = viewOf(before, folded.text, final);
  const spans = yield* spansIn(view, detectors, input, folded);
  const json = encoding === 'text' ? undefined : new JsonText(text, encoding === 'json-string', before);
  const leaving = json ? releaseJson(json, input, folded, spans) : releaseText(text, folded, spans);
  const decided = folded.indexAt(leaving.holdFrom);
  const isEnd = final || leaving.action === 'block';
  const isDue = isEnd || unflagged + decided >= flaggedAtOnce;
  const stretch = {
    from: Math.max(0, view.from - unflagged),
    until: isEnd ? view.text.length : view.from + decided,
  };
  const flags = isDue ? yield* flagsIn(view, stretch, detectors, input, folded) : [];
  return {
    ...leaving,
    redactions: [...leaving.redactions],
    read: readBetween(view, decided),
    findings: [...findingsOf(spans), ...flags],
    next: {
      preceding: (before + folded.text.slice(0, decided)).slice(-moderationContext),
      encoding: json ? (json.isInString(leaving.holdFrom) ? 'json-string' : 'json') : 'text',
      ...(!isDue && { unflagged: unflagged + decided }),
    },
  };
}

const readBetween = ({ reading, from }: View, decided: number): string =>
  reading.text.slice(reading.indexAt(from), reading.indexAt(from + decided));

function viewOf(before: string, folded: string, complete: boolean): View {
  const text = before + folded;
  const lower = text.toLowerCase();
  const words = wordsOf(lower);
  return { text, lower, words, reading: readingOf(lower, words), from: before.length, complete };
}

const actionOn = ({ category }: Detector, { direction, policy }: ModerationInput): ModerationAction =>
  effectivePolicy(policy?.policy ?? {}, category)[direction];

/** What must not leave as it is, or not yet. */
function* spansIn(
  view: View,
  detectors: readonly Detector[],
  input: ModerationInput,
  folded: FoldedText,
): Generator<void, Span[]> {
  const spans: Span[] = [];
  for (const detector of detectors) {
    const action = actionOn(detector, input);
    yield;
    if (action === 'allow' || action === 'flag') continue;
    const { category, score } = detector;
    for (const candidate of detector.detect(view)) {
      yield;
      spans.push({
        ...placeOf(candidate, folded, view.from),
        category,
        score,
        open: candidate.open ?? false,
        blocks: action === 'block' || (candidate.overlong ?? false),
      });
    }
  }
  return spans;
}

/** What is only told of, where it ends in this stretch. */
function* flagsIn(
  view: View,
  { from, until }: { readonly from: number; readonly until: number },
  detectors: readonly Detector[],
  input: ModerationInput,
  folded: FoldedText,
): Generator<void, ModerationFinding[]> {
  const looseView: View = { ...view, from: Math.max(0, from - flagsReachBack), complete: true };
  const flags: ModerationFinding[] = [];
  for (const detector of detectors) {
    const action = actionOn(detector, input);
    yield;
    if (action !== 'flag') continue;
    const { category, score } = detector;
    for (const candidate of detector.detect(looseView)) {
      yield;
      if (candidate.end > from && candidate.end <= until)
        flags.push({ ...placeOf(candidate, folded, view.from), category, action, score });
    }
  }
  return flags;
}

/** In the text that was handed over; what lies before it is cut off. */
const placeOf = ({ start, end }: Candidate, folded: FoldedText, from: number) => ({
  start: start < from ? 0 : folded.startOf(start - from),
  end: end <= from ? 0 : folded.endOf(end - 1 - from),
});

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

const releaseText = (text: string, { settled }: FoldedText, spans: readonly Span[]): Leaving =>
  release(text, settled, spans, (_, label) => label);

const releaseJson = (
  json: JsonText,
  { text, final }: ModerationInput,
  { settled }: FoldedText,
  spans: readonly Span[],
): Leaving =>
  release(
    text,
    final ? settled : Math.min(settled, json.wholeUntil),
    spans.map((span) => json.widened(span)),
    (union, label) => json.redacted(union, label),
  );
