import { ListCounters } from './list-counters.ts';
import { levelNumber, type ListLevel, type WordList } from './lists.ts';
import { bulleted, markStyle, numbered } from './mammoth-lists.ts';
import type { ParagraphStyles } from './paragraph-styles.ts';
import {
  appendTo,
  attributeOf,
  childElements,
  escaped,
  insertAfter,
  insertFirst,
  isOn,
  removeNode,
  type WordElement,
  type WordMaker,
} from './word-part.ts';

/** Where a paragraph stands in the lists of its file. */
interface Place {
  readonly list: WordList;
  readonly level: ListLevel;
  readonly at: number;
}

/** Writes the number of each paragraph of a part into it, as Word shows it. */
export class ParagraphNumbers {
  private readonly counters = new ListCounters();
  /** The first of those whose ends are deleted: their words begin the next one that stays. */
  private joined: WordElement | undefined;

  constructor(
    private readonly lists: ReadonlyMap<string, WordList>,
    private readonly styles: ParagraphStyles,
    private readonly make: WordMaker,
  ) {}

  /** Counts a paragraph; what it returns shows its number, unless it has nothing to show it before. */
  next(paragraph: WordElement): (isShown: boolean) => void {
    const properties = childElements(paragraph, 'pPr')[0];
    const place = this.placeOf(properties);
    for (const own of properties ? childElements(properties, 'numPr') : []) removeNode(own);
    if (isMarked(properties, 'del')) {
      this.joined ??= paragraph;
      return () => undefined;
    }
    const first = this.joined ?? paragraph;
    this.joined = undefined;
    if (!place || isMarked(properties, 'moveFrom') || isHidden(properties)) return () => undefined;
    const mark = this.counters.next(place.list, place.at);
    if (place.level.format === 'bullet') return () => this.putInList(paragraph, bulleted, place.at);
    return (isShown) => {
      if (!isShown || mark === '') return;
      this.putInList(paragraph, numbered, place.at);
      this.begin(first, mark + place.level.gap);
    };
  }

  /** By the paragraph's own words, then by its style's. */
  private placeOf(properties: WordElement | undefined): Place | undefined {
    const own = properties && childElements(properties, 'numPr')[0];
    const styled = this.styles.numberingOf(valueOf(properties, 'pStyle'));
    const list = this.lists.get(valueOf(own, 'numId') ?? styled.list ?? '');
    if (!list) return undefined;
    const at = levelNumber(valueOf(own, 'ilvl')) ?? levelOfStyle(list, styled.styles) ?? styled.level ?? 0;
    const level = list.levels.get(at);
    return level && { list, level, at };
  }

  private putInList(paragraph: WordElement, list: number, level: number): void {
    const [properties] = childElements(paragraph, 'pPr');
    const made = properties ? [] : this.make.empty('pPr');
    insertFirst(paragraph, made);
    const target = properties ?? made[0];
    for (const each of this.make.listNumber(list, level)) if (target) appendTo(target, each);
  }

  private begin(paragraph: WordElement, mark: string): void {
    const run = this.make.styledRun(markStyle, escaped(mark));
    const [properties] = childElements(paragraph, 'pPr');
    if (properties) insertAfter(properties, run);
    else insertFirst(paragraph, run);
  }
}

/** The level that is bound to a style or to one that it is based on. */
function levelOfStyle(list: WordList, styles: readonly string[]): number | undefined {
  for (const style of styles) for (const [at, level] of list.levels) if (level.style === style) return at;
  return undefined;
}

/** What a revision says of the end of a paragraph. */
function isMarked(properties: WordElement | undefined, revision: string): boolean {
  const [end] = properties ? childElements(properties, 'rPr') : [];
  return !!end && childElements(end, revision).length > 0;
}

const isHidden = (properties: WordElement | undefined): boolean =>
  (properties && isOn(childElements(properties, 'rPr')[0], 'vanish')) ?? false;

function valueOf(properties: WordElement | undefined, name: string): string | undefined {
  const found = properties && childElements(properties, name)[0];
  return found && attributeOf(found, 'val');
}
