import { recordLine } from '../sheets/records.ts';
import type { NumberFormats } from './number-format.ts';
import { paragraphLines } from './rich-text.ts';
import { descendants, firstOf, textOf, xmlTree, type Element } from './xml.ts';

/** A chart keeps as many points as it shows; more are an attempt to make us fill rows. */
const maxPoints = 10_000;

/** The words and values of a chart: its titles, then a line for each category with the value of every series. */
export function chartLines(xml: Uint8Array, formats: NumberFormats): string[] {
  const chart = xmlTree(xml);
  const titles = [...descendants(chart, 'title')].map(richText);
  const series = [...descendants(chart, 'ser')].map((each) => seriesOf(each, formats));
  const records = [...groupedByCategories(series).values()].flatMap(recordsOf);
  return [...titles, ...records].filter((line) => line !== '');
}

interface Series {
  readonly name: string;
  readonly categories: readonly string[];
  readonly values: readonly string[];
}

function seriesOf(series: Element, formats: NumberFormats): Series {
  const name = childOf(series, 'tx');
  const points = (...names: readonly string[]): string[] => {
    const found = names.map((each) => childOf(series, each)).find((each) => each !== undefined);
    return found ? pointsOf(found, formats) : [];
  };
  return {
    name: name ? pointsOf(name, formats).join(' ') || textOf(name).trim() : '',
    categories: points('cat', 'xVal'),
    values: points('val', 'yVal'),
  };
}

/** Series over the same categories stand in one table. */
function groupedByCategories(series: readonly Series[]): Map<string, Series[]> {
  const groups = new Map<string, Series[]>();
  for (const each of series) {
    const key = JSON.stringify(each.categories);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return groups;
}

function recordsOf(series: readonly Series[]): string[] {
  const line = recordLine(['', ...series.map(({ name }) => name)]);
  const categories = series[0]?.categories ?? [];
  const count = Math.max(categories.length, ...series.map(({ values }) => values.length));
  return Array.from({ length: count }, (_, at) =>
    line([categories[at] ?? '', ...series.map(({ values }) => values[at] ?? '')]),
  );
}

/** What the chart has stored of the cells it shows; categories of several levels side by side, outermost first. */
function pointsOf(data: Element, formats: NumberFormats): string[] {
  const code = firstOf(data, 'formatCode');
  const show = formats(code ? textOf(code) : 'General');
  const isNumeric = firstOf(data, 'numCache') ?? firstOf(data, 'numLit');
  const levels = [...descendants(data, 'lvl')].reverse();
  const points: string[] = [];
  for (const level of levels.length > 0 ? levels : [data])
    for (const point of descendants(level, 'pt')) {
      const at = Number(point.attributes['idx']);
      if (!(at < maxPoints)) continue;
      const value = textOf(firstOf(point, 'v') ?? point).trim();
      const shown = isNumeric ? show(value) : value;
      points[at] = points[at] === undefined ? shown : `${points[at]} ${shown}`;
    }
  return Array.from(points, (point) => point ?? '');
}

const childOf = (element: Element, name: string): Element | undefined =>
  element.children.find((child): child is Element => typeof child !== 'string' && child.name === name);

const richText = (title: Element): string =>
  [...descendants(title, 'rich', 'v')]
    .flatMap((text) => (text.name === 'rich' ? paragraphLines(text) : textOf(text)))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
