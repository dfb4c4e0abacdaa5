/** What we use of an annotation of pdf.js. */
export interface Annotation {
  readonly subtype?: string;
  readonly annotationFlags?: number;
  /** Left, bottom, right, top. */
  readonly rect?: readonly number[];
  readonly contentsObj?: { readonly str: string };
  /** Who wrote it. */
  readonly titleObj?: { readonly str: string };
  readonly fieldType?: string;
  readonly fieldName?: string;
  /** What the field is called to those who do not see the page. */
  readonly alternativeText?: string;
  readonly fieldValue?: string | readonly string[] | null;
  readonly password?: boolean;
  readonly options?: readonly { readonly exportValue: string; readonly displayValue: string }[];
  readonly checkBox?: boolean;
  readonly radioButton?: boolean;
  /** The value of the field when this box is checked, or this button chosen. */
  readonly exportValue?: string;
  readonly buttonValue?: string;
}

/**
 * What was filled into a page and is no part of what it draws, from the top: values of form fields, text laid over it, and
 * comments, be they notes or remarks on something marked.
 */
export const filledInto = (annotations: readonly Annotation[]): string[] =>
  annotations
    .filter(isShown)
    .toSorted(fromTheTop)
    .map(textOf)
    .filter((text) => text !== '');

/** Hidden, or not for the screen (ISO 32000-1, table 165). */
const unseen = 0b10 | 0b100000;
const isShown = ({ annotationFlags = 0, password }: Annotation): boolean =>
  (annotationFlags & unseen) === 0 && password !== true;

function fromTheTop(
  { rect: [leftA = 0, , , topA = 0] = [] }: Annotation,
  { rect: [leftB = 0, , , topB = 0] = [] }: Annotation,
): number {
  return topB - topA || leftA - leftB;
}

function textOf(annotation: Annotation): string {
  if (annotation.subtype === 'FreeText') return contentOf(annotation);
  if (remarks.has(annotation.subtype ?? '')) return commentOf(annotation);
  const value = annotation.subtype === 'Widget' ? tidy(valueOf(annotation)) : '';
  return value === '' ? '' : [nameOf(annotation), value].filter((part) => part !== '').join(': ');
}

/** Each may come with a `Popup` that says the same. */
const remarks = new Set(
  'Text Highlight Underline Squiggly StrikeOut Caret Stamp Ink Line Square Circle'.split(' '),
);

function commentOf(annotation: Annotation): string {
  const [text, author] = [contentOf(annotation), tidy(annotation.titleObj?.str ?? '')];
  return text === '' ? '' : `Comment${author === '' ? '' : ` by ${author}`}: ${text}`;
}

const contentOf = ({ contentsObj }: Annotation): string => tidy(contentsObj?.str ?? '');

const tidy = (text: string): string => text.replace(/\r\n?/g, '\n').trim();

function valueOf({ fieldType, fieldValue, options = [], ...button }: Annotation): string {
  const values = [fieldValue ?? []].flat();
  if (fieldType === 'Btn') return stateOf(values[0], button);
  if (fieldType !== 'Tx' && fieldType !== 'Ch') return '';
  const shown = new Map(options.map(({ exportValue, displayValue }) => [exportValue, displayValue]));
  return values.map((value) => shown.get(value) ?? value).join(', ');
}

/** A box or button says something when it is the one that is on. */
function stateOf(value = 'Off', { checkBox, radioButton, exportValue, buttonValue }: Annotation): string {
  const own = checkBox ? exportValue : radioButton ? buttonValue : undefined;
  return value !== 'Off' && value === own ? value : '';
}

/** Without one for people, the last part of the field's full name: `form[0].Address[0].Street[0]` is Street. */
function nameOf({ alternativeText = '', fieldName = '' }: Annotation): string {
  const name = tidy(alternativeText).replace(/\s*:$/, '');
  return name || (fieldName.split('.').at(-1) ?? '').replace(/\[\d+\]$/, '');
}
