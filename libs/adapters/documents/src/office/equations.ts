import { fraction, matrix, root, scripted, tidyFormula } from '../linear-math.ts';
import { attributeValue, type Element } from './xml.ts';

/** An equation of an office file (`m:oMath`) on one line. */
export const equationText = (equation: Element): string => tidyFormula(all(equation));

const elementsOf = ({ children }: Element, name?: string): Element[] =>
  children
    .filter((child) => typeof child !== 'string')
    .filter((child) => (name === undefined ? !child.name.endsWith('Pr') : child.name === name));

const all = (element: Element): string => elementsOf(element).map(textOfMath).join('');

/** All text of the parts of this name, side by side. */
const part = (element: Element, name: string): string => elementsOf(element, name).map(all).join('');

/** A property such as the character of a sum; where it is not said, the format's default. */
function property(element: Element, name: string, otherwise: string): string {
  const properties = elementsOf(element, `${element.name}Pr`)[0];
  const found = properties && elementsOf(properties, name)[0];
  if (!found) return otherwise;
  return attributeValue(found.attributes, 'val') ?? '';
}

const structures: Readonly<Record<string, (element: Element) => string>> = {
  t: ({ children }) => children.filter((child) => typeof child === 'string').join(''),
  f: (f) => fraction(part(f, 'num'), part(f, 'den')),
  sSup: (s) => scripted(part(s, 'e'), { above: part(s, 'sup') }),
  sSub: (s) => scripted(part(s, 'e'), { below: part(s, 'sub') }),
  sSubSup: (s) => scripted(part(s, 'e'), { below: part(s, 'sub'), above: part(s, 'sup') }),
  sPre: (s) => `${scripted('', { below: part(s, 'sub'), above: part(s, 'sup') })}${part(s, 'e')}`,
  rad: (rad) => root(part(rad, 'e'), part(rad, 'deg')),
  nary: (sum) =>
    `${scripted(property(sum, 'chr', '∫'), { below: part(sum, 'sub'), above: part(sum, 'sup') })} ${part(sum, 'e')}`,
  d: (brackets) =>
    property(brackets, 'begChr', '(') +
    elementsOf(brackets, 'e')
      .map(all)
      .join(property(brackets, 'sepChr', '|')) +
    property(brackets, 'endChr', ')'),
  func: (func) => `${part(func, 'fName')} ${part(func, 'e')}`,
  acc: (accent) => `${part(accent, 'e')}${property(accent, 'chr', '\u0302')}`,
  limLow: (limit) => scripted(part(limit, 'e'), { below: part(limit, 'lim') }),
  limUpp: (limit) => scripted(part(limit, 'e'), { above: part(limit, 'lim') }),
  m: (m) => matrix(elementsOf(m, 'mr').map((row) => elementsOf(row, 'e').map(all))),
  eqArr: (equations) => matrix(elementsOf(equations, 'e').map((each) => [all(each)])),
};

const textOfMath = (element: Element): string => (structures[element.name] ?? all)(element);
