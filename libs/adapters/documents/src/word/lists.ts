import { attributeValue, descendants, firstOf, valueIn, xmlTree, type Element } from '../office/xml.ts';

/** One level of a list, by the words of ECMA-376, 17.9. */
export interface ListLevel {
  readonly start: number;
  /** The name of a format of numbers, or digits that show one, as `001`. */
  readonly format: string;
  /** What stands before a paragraph: `%1.%2.` has the numbers of two levels. */
  readonly text: string;
  /** It begins anew after this level or one above, counted from 1; never for 0; undefined: after any above. */
  readonly restart: number | undefined;
  /** All numbers are digits. */
  readonly isLegal: boolean;
  /** Between the number and the words. */
  readonly gap: '' | ' ';
  /** The paragraph style that numbers by this level. */
  readonly style: string | undefined;
}

/** A list that paragraphs refer to. */
export interface WordList {
  /** Lists of one kind count together. */
  readonly kind: string;
  readonly levels: ReadonlyMap<number, ListLevel>;
  /** Levels that begin at a number of this list's own. */
  readonly starts: ReadonlyMap<number, number>;
}

/** Word has no more. */
const levelCount = 9;
/** As Word allows; what is beyond is no number that a list begins with. */
const highestStart = 32_767;
/** Of characters; as Word allows. */
const longestText = 255;

/** The lists of a Word file by their number; references to what is not there lead to no list. */
export function listsOf(
  numbering: Uint8Array | undefined,
  styles: Uint8Array | undefined,
): Map<string, WordList> {
  const tree = xmlTree(numbering ?? '');
  const kinds = new KindsOfLists(tree, styles);
  const lists = new Map<string, WordList>();
  for (const list of descendants(tree, 'num')) {
    const [kind, id] = [kinds.find(valueIn(list, 'abstractNumId')), attributeValue(list.attributes, 'numId')];
    if (!kind || id === undefined) continue;
    const overrides = [...descendants(list, 'lvlOverride')];
    lists.set(id, {
      kind: kind.name,
      levels: new Map([...kind.levels, ...overrides.flatMap((each) => [...levelsIn(each)])]),
      starts: new Map(overrides.flatMap(startOf)),
    });
  }
  return lists;
}

interface Kind {
  readonly name: string;
  readonly levels: ReadonlyMap<number, ListLevel>;
}

/** The kinds of lists, which may stand for one another through a style. */
class KindsOfLists {
  private readonly byId = new Map<string, Element>();
  private readonly byStyle = new Map<string, string>();
  private readonly read = new Map<string, Kind>();

  constructor(numbering: Element, styles: Uint8Array | undefined) {
    const kindOfList = new Map<string | undefined, string>();
    for (const list of descendants(numbering, 'num'))
      kindOfList.set(attributeValue(list.attributes, 'numId'), valueIn(list, 'abstractNumId') ?? '');
    for (const style of descendants(xmlTree(styles ?? ''), 'style')) {
      const kind = kindOfList.get(valueIn(style, 'numId'));
      const isOfLists = attributeValue(style.attributes, 'type') === 'numbering';
      if (isOfLists && kind) this.byStyle.set(attributeValue(style.attributes, 'styleId') ?? '', kind);
    }
    for (const kind of descendants(numbering, 'abstractNum')) {
      const [id, style] = [
        attributeValue(kind.attributes, 'abstractNumId') ?? '',
        valueIn(kind, 'styleLink'),
      ];
      this.byId.set(id, kind);
      if (style !== undefined) this.byStyle.set(style, id);
    }
  }

  find(id = ''): Kind | undefined {
    const style = valueIn(this.byId.get(id), 'numStyleLink');
    const name = style === undefined ? id : (this.byStyle.get(style) ?? '');
    const element = this.byId.get(name);
    if (!element) return undefined;
    const kind = this.read.get(name) ?? { name, levels: levelsIn(element) };
    this.read.set(name, kind);
    return kind;
  }
}

function levelsIn(element: Element): Map<number, ListLevel> {
  const levels = new Map<number, ListLevel>();
  for (const level of descendants(element, 'lvl')) {
    const at = levelNumber(attributeValue(level.attributes, 'ilvl') ?? '0');
    if (at !== undefined) levels.set(at, levelOf(level));
  }
  return levels;
}

function levelOf(level: Element): ListLevel {
  const format = firstOf(level, 'numFmt');
  const named = attributeValue(format?.attributes ?? {}, 'val') ?? 'decimal';
  const shown = attributeValue(format?.attributes ?? {}, 'format') ?? '';
  const legal = firstOf(level, 'isLgl');
  return {
    start: startNumber(valueIn(level, 'start')) ?? 0,
    format: named === 'custom' ? (/^0*1(?=,|$)/.exec(shown)?.[0] ?? 'decimal') : named,
    text: (valueIn(level, 'lvlText') ?? '').slice(0, longestText),
    restart: levelNumber(valueIn(level, 'lvlRestart')),
    isLegal: !!legal && !/^(?:0|false|off)$/.test(attributeValue(legal.attributes, 'val') ?? ''),
    gap: valueIn(level, 'suff') === 'nothing' ? '' : ' ',
    style: valueIn(level, 'pStyle'),
  };
}

/** The number that a list puts in the place of the first one of a level. */
function startOf(override: Element): [number, number][] {
  const at = levelNumber(attributeValue(override.attributes, 'ilvl'));
  const start = startNumber(valueIn(override, 'startOverride'));
  return at === undefined || start === undefined ? [] : [[at, start]];
}

export function levelNumber(digits: string | undefined): number | undefined {
  const level = /^\d$/.test(digits ?? '') ? Number(digits) : levelCount;
  return level < levelCount ? level : undefined;
}

function startNumber(digits: string | undefined): number | undefined {
  const start = /^\d{1,5}$/.test(digits ?? '') ? Number(digits) : highestStart + 1;
  return start <= highestStart ? start : undefined;
}
