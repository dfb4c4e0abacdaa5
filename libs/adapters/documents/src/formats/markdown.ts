import type { Block, BlockKind } from '@millrace/text';
import type { Nodes, RootContent } from 'mdast';
import type { Extract } from '../extract.ts';
import { isTooIntricate } from './markdown-cost.ts';
import { readText } from './text.ts';

/**
 * Markdown with tables: the text is the source as it stands, so that offsets are the author's own. What would take the
 * grammar minutes is read as plain text.
 */
export async function readMarkdown(text: string): Promise<Extract> {
  if (isTooIntricate(text)) return readText(text);
  const [{ fromMarkdown }, { gfm }, { gfmFromMarkdown }] = await Promise.all([
    import('mdast-util-from-markdown'),
    import('micromark-extension-gfm'),
    import('mdast-util-gfm'),
  ]);
  const { length, title } = frontMatter(text);
  const tree = fromMarkdown(text.slice(length), {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  return { title, text, blocks: tree.children.flatMap((node) => [...blocksOf(node, length)]) };
}

/** `+++` (TOML) or `---` (YAML) at the very start: only its title is of interest. */
function frontMatter(text: string): { length: number; title?: string | undefined } {
  const found = /^(\+\+\+|---)[ \t]*\r?\n([^]*?)\r?\n\1[ \t]*(?:\r?\n|$)/.exec(text);
  if (!found) return { length: 0 };
  const value = /^title\s*[:=]\s*(.+?)\s*$/m.exec(found[2] ?? '')?.[1];
  return { length: found[0].length, title: value?.replace(/^(["'])(.*)\1$/, '$2') };
}

const kinds: Partial<Record<RootContent['type'], BlockKind>> = {
  paragraph: 'paragraph',
  blockquote: 'paragraph',
  footnoteDefinition: 'paragraph',
  listItem: 'list',
  code: 'code',
  table: 'table',
  heading: 'heading',
};

function* blocksOf(node: RootContent, offset: number): Generator<Block> {
  const start = node.position?.start.offset;
  const end = node.position?.end.offset;
  if (start === undefined || end === undefined) return;
  const range = { start: start + offset, end: end + offset };
  if (node.type === 'list') for (const item of node.children) yield* blocksOf(item, offset);
  else if (node.type === 'html') yield* htmlBlock(node.value, range);
  else if (node.type === 'heading')
    yield { kind: 'heading', level: node.depth, label: plainText(node), ...range };
  else if (node.type === 'table') yield { kind: 'table', label: rowText(node.children[0]), ...range };
  else {
    const kind = kinds[node.type];
    if (kind) yield { kind, ...range };
  }
}

/** Comments, scripts and styles are not shown to a reader, so they are not found either. */
function* htmlBlock(html: string, range: { start: number; end: number }): Generator<Block> {
  const shown = html.replace(/<!--[^]*?-->|<(script|style|template)\b[^]*?<\/\1\s*>/gi, '');
  if (/[\p{L}\p{N}]/u.test(shown.replace(/<[^>]*>/g, ''))) yield { kind: 'paragraph', ...range };
}

const rowText = (row: Nodes | undefined): string | undefined =>
  row && 'children' in row ? row.children.map(plainText).join(' | ') : undefined;

function plainText(node: Nodes): string {
  if ('value' in node) return node.value;
  if ('children' in node) return node.children.map(plainText).join('');
  return node.type === 'image' ? (node.alt ?? '') : '';
}
