import { attribute, type HtmlElement } from './html-tree.ts';

/** Writes a number; undefined for what it has no sign for. */
type Style = (number: number) => string | undefined;

/** `aa` follows on `z`. */
const letters: Style = (number) => {
  let signs = '';
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26))
    signs = String.fromCharCode(97 + ((rest - 1) % 26)) + signs;
  return signs || undefined;
};

const romanSigns = Object.entries({
  ...{ m: 1000, cm: 900, d: 500, cd: 400, c: 100, xc: 90, l: 50, xl: 40, x: 10, ix: 9, v: 5, iv: 4, i: 1 },
});

const roman: Style = (number) => {
  if (number < 1 || number > 3999) return undefined;
  let rest = number;
  let signs = '';
  for (const [sign, value] of romanSigns) for (; rest >= value; rest -= value) signs += sign;
  return signs;
};

const inCapitals =
  (style: Style): Style =>
  (number) =>
    style(number)?.toUpperCase();

const byType = new Map<string | undefined, Style>([
  ['1', String],
  ['a', letters],
  ['A', inCapitals(letters)],
  ['i', roman],
  ['I', inCapitals(roman)],
]);

const byName = new Map<string | undefined, Style>([
  ['decimal', String],
  ['lower-alpha', letters],
  ['lower-latin', letters],
  ['upper-alpha', inCapitals(letters)],
  ['upper-latin', inCapitals(letters)],
  ['lower-roman', roman],
  ['upper-roman', inCapitals(roman)],
]);

const styled = /list-style(?:-type)?\s*:[^;]{0,100}?\b(decimal|(?:low|upp)er-(?:alpha|latin|roman))\b/i;

function styleOf(element: HtmlElement): Style | undefined {
  const name = styled.exec(attribute(element, 'style') ?? '')?.[1]?.toLowerCase();
  return byName.get(name) ?? byType.get(attribute(element, 'type'));
}

/** A number the way the page shows it: by the style of the item, of its list, or as digits. */
export function numberOf(item: HtmlElement, list: HtmlElement, number: number): string {
  const style = styleOf(item) ?? styleOf(list) ?? String;
  return style(number) ?? String(number);
}

const said = /list-style(?:-type)?\s*:\s*(?:"((?:[^"\\]|\\.){1,300})"|'((?:[^'\\]|\\.){1,300})')/;

/** A mark in words, which CSS may give an item or its list: `list-style-type: '(c) '`. */
export function saidMark(...elements: readonly HtmlElement[]): string | undefined {
  for (const element of elements) {
    const found = said.exec(attribute(element, 'style') ?? '');
    const mark = (found?.[1] ?? found?.[2] ?? '').replace(/\\(.)/g, '$1').trim();
    if (mark !== '') return mark;
  }
  return undefined;
}
