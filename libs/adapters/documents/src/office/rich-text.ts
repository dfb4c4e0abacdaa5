import { joinedRuns, type Run, type Script } from '../powers.ts';
import { equationText } from './equations.ts';
import { attributeValue, descendants, firstOf, textOf, type Element } from './xml.ts';

/** The text of a paragraph, or of what has no more than one, on one line. */
export const lineOf = (paragraph: Element): string =>
  joinedRuns(runsOf(paragraph)).replace(/\s+/g, ' ').trim();

/** The paragraphs below an element that have text, each on one line. */
export const paragraphLines = (element: Element): string[] =>
  [...descendants(element, 'p')].map(lineOf).filter((line) => line !== '');

/** Runs of drawings and of text documents alike, fields too. */
const runsOf = (paragraph: Element): Run[] =>
  [...descendants(paragraph, 'r', 'fld', 't', 'br', 'oMath')].map((each) => ({
    text: textOfRun(each),
    script: scriptOf(each),
  }));

function textOfRun(run: Element): string {
  if (run.name === 'oMath') return equationText(run);
  if (run.name === 'br' || run.name === 'tab') return ' ';
  return run.name === 't' ? textOf(run) : [...descendants(run, 't', 'br', 'tab')].map(textOfRun).join('');
}

function scriptOf(run: Element): Script | undefined {
  const properties = firstOf(run, 'rPr');
  const [aligned, baseline] = [
    properties && firstOf(properties, 'vertAlign'),
    properties?.attributes['baseline'],
  ];
  return aligned
    ? scriptNamed(attributeValue(aligned.attributes, 'val'))
    : scriptAt(Number.parseInt(baseline ?? '0'));
}

/** By the name that text documents and sheets have for it. */
export const scriptNamed = (name: string | undefined): Script | undefined =>
  name === 'superscript' ? 'above' : name === 'subscript' ? 'below' : undefined;

const scriptAt = (baseline: number): Script | undefined =>
  baseline > 0 ? 'above' : baseline < 0 ? 'below' : undefined;
