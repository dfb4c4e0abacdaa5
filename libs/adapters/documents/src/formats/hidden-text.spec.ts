import { expect, it } from 'vitest';
import { readHtml } from './html.ts';
import { readMarkdown } from './markdown.ts';

const limits = { maxTextChars: 10_000, maxExpandedBytes: 10_000 };
const hiddenIn = async (page: string): Promise<string | undefined> =>
  (await readHtml(page, { limits })).hidden;

it.each([
  ['comments', '<p>shown<!-- not shown --></p>'],
  ['what is hidden', '<p>shown</p><div hidden><p>not <b>shown</b></p></div>'],
  ['what has no size', '<span style="font-size:0">not shown</span>'],
  ['templates', '<template><p>not shown</p></template>'],
])('a page tells %s', async (_, page) => {
  expect((await hiddenIn(page))?.replace(/\s+/g, ' ')).toBe('not shown');
});

it('a page without any tells nothing; scripts and styles are no words', async () => {
  expect(
    await hiddenIn('<nav>menu</nav><script>hidden()</script><style>.a{}</style><p>shown'),
  ).toBeUndefined();
});

it('Markdown tells its comments', async () => {
  const { text, hidden } = await readMarkdown('One <!-- not shown --> two\n\n<!-- nor this -->');
  expect(hidden).toBe('<!-- not shown -->\n<!-- nor this -->');
  expect(text).not.toContain('shown');
});
