import { fraction, matrix, root, scripted, tidyFormula } from '../linear-math.ts';
import { attribute, childrenOf, isElement, type HtmlElement, type HtmlNode } from './html-tree.ts';

/** A formula (MathML) on one line. */
export const mathText = (math: HtmlElement): string => tidyFormula(all(math));

const elementsOf = (element: HtmlElement): HtmlElement[] => element.childNodes.filter(isElement);

const all = (element: HtmlElement): string => elementsOf(element).map(textOfMath).join('');

/** The text of the child at this place. */
const at = (element: HtmlElement, place: number): string => {
  const child = elementsOf(element)[place];
  return child ? textOfMath(child) : '';
};

const rawText = (node: HtmlNode): string =>
  'value' in node ? node.value : childrenOf(node).map(rawText).join('');

const token = (element: HtmlElement): string => rawText(element).replace(/\s+/g, ' ').trim();

const structures: Readonly<Record<string, (element: HtmlElement) => string>> = {
  mi: token,
  mn: token,
  mo: token,
  ms: token,
  mtext: (text) => rawText(text).replace(/\s+/g, ' '),
  mspace: () => ' ',
  mphantom: () => '',
  annotation: () => '',
  'annotation-xml': () => '',
  semantics: (semantics) => at(semantics, 0),
  mfrac: (f) => fraction(at(f, 0), at(f, 1)),
  msup: (s) => scripted(at(s, 0), { above: at(s, 1) }),
  msub: (s) => scripted(at(s, 0), { below: at(s, 1) }),
  msubsup: (s) => scripted(at(s, 0), { below: at(s, 1), above: at(s, 2) }),
  mover: (s) => scripted(at(s, 0), { above: at(s, 1) }),
  munder: (s) => scripted(at(s, 0), { below: at(s, 1) }),
  munderover: (s) => `${scripted(at(s, 0), { below: at(s, 1), above: at(s, 2) })} `,
  msqrt: (of) => root(all(of)),
  mroot: (of) => root(at(of, 0), at(of, 1)),
  mfenced: (fenced) =>
    (attribute(fenced, 'open') ?? '(') +
    elementsOf(fenced)
      .map(textOfMath)
      .join(attribute(fenced, 'separators') ?? ', ') +
    (attribute(fenced, 'close') ?? ')'),
  mtable: (table) => matrix(elementsOf(table).map((row) => elementsOf(row).map(textOfMath))),
};

const textOfMath = (element: HtmlElement): string => (structures[element.tagName] ?? all)(element);
