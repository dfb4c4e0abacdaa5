import { describe, expect, it } from 'vitest';
import { read } from '../testing/read.ts';

const markdown = (text: string) => read(text, { filename: 'page.md' });
const filler = 'The wheel turns the stone below it all day long. '.repeat(14);

describe('Markdown', () => {
  it('keeps the source exactly and knows its headings without their markup', async () => {
    const text = `# The *mill* \`race\`\n\n${filler}\n\n## Wheel\n\n${filler}\n\n${filler}\n`;
    const document = await markdown(text);
    expect(document).toMatchObject({
      text,
      title: 'The mill race',
      mediaType: 'text/markdown',
      parser: 'markdown@6',
    });
    expect(document.chunks.map(({ headings }) => headings)).toEqual([
      [],
      ['The mill race'],
      ['The mill race', 'Wheel'],
    ]);
  });

  it.each([
    ['TOML', '+++\ntitle = "Setup"\nweight = 3\n+++\n'],
    ['YAML', "---\ntitle: 'Setup'\nweight: 3\n---\n"],
  ])('takes the title from %s front matter and leaves the rest of it out', async (_, matter) => {
    const text = `${matter}\n# Other\n\nText.\n`;
    const document = await markdown(text);
    expect(document).toMatchObject({ title: 'Setup', text });
    expect(document.chunks.map((chunk) => chunk.text)).toEqual(['# Other\n\nText.']);
  });

  it('takes a rule at the start for a rule when no front matter follows', async () => {
    expect((await markdown('---\n\nText.\n')).chunks[0]?.text).toContain('Text.');
  });

  it.each([
    ['a blank line', '---\n\nNote: prime it.\n\n---\n\nText.\n'],
    ['prose', '---\nNote: prime it.\nThen open the valve.\n\n---\n\nText.\n'],
    ['headings', '---\nNote: prime it.\n\n## Safety\n\n---\n\nText.\n'],
    ['a setting and a list', '---\nNote: prime it.\n\n- Open it.\n\n---\n\nText.\n'],
    ['a list', '---\n- Note: prime it.\n- Open it.\n\n---\n\nText.\n'],
    ['a comment alone', '---\n# Note\n---\n\nText.\n'],
    ['another rule', '---\n---\n\nNote: prime it.\n\n---\n\nText.\n'],
    ['prose between plus signs', '+++\nNote: it = prime\n+++\n\nText.\n'],
  ])('keeps what stands between two rules when it is %s', async (_, text) => {
    const found = (await markdown(text)).chunks.map((chunk) => chunk.text).join('\n');
    expect(found).toMatch(/Note[^]*Text\./);
  });

  it.each([
    [
      'YAML',
      '---\n# about\ntags:\n- a\n- b\ntitle: Setup # now\nnotes: |\n  More.\n\n"date made": 3\nlist: [\n]\n---\n',
    ],
    ['TOML', '+++\n# about\n[params]\na.b = [\n  "x",\n]\n\n[[menu]]\nname = 1\n+++\n'],
  ])('knows front matter with lists, comments and sections in %s', async (_, matter) => {
    expect((await markdown(`${matter}\nText.\n`)).chunks.map((chunk) => chunk.text)).toEqual(['Text.']);
  });

  it('gives later parts of a long table its header row', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `| wheel-${i} | ${i} |`).join('\n');
    const { chunks } = await markdown(`# Wheels\n\n| *Name* | Size |\n| --- | --- |\n${rows}\n`);
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.slice(1).every(({ headings }) => headings.at(-1) === 'Name | Size')).toBe(true);
    expect(chunks.at(-1)?.text).toMatch(/\| wheel-59 \| 59 \|$/);
  });

  it.each([
    ['a paragraph', 'One <!-- secret\nsecret --> two.', 'One two.'],
    ['a heading', '# The mill <!-- secret -->\n\nTurns.', '# The mill Turns.'],
    ['a list', '- One <!-- secret -->\n- Two\n- <!-- secret -->', '- One - Two -'],
    ['a quote', '> One <!-- secret\n> secret --> two\n> three', '> One two > three'],
    ['a table', '| A | B |\n|---|---|\n| <!-- secret --> 1 | 2 |', '| A | B | |---|---| | 1 | 2 |'],
    [
      'HTML',
      '<!-- secret -->\n<p>One</p>\n\n<div><style>secret</style>Two</div>',
      '<p>One</p> <div> Two</div>',
    ],
    ['HTML that is hidden', 'One\n\n<!--\n\n# secret\n\n-->\n\nTwo', 'One Two'],
  ])('leaves out a comment in %s, and shifts nothing', async (_, source, shown) => {
    const { text, chunks } = await markdown(source);
    expect(chunks.map((chunk) => chunk.text.replace(/\s+/g, ' ')).join(' ')).toBe(shown);
    expect([text.length, text.indexOf('Two')]).toEqual([source.length, source.indexOf('Two')]);
  });

  it.each([
    ['code', 'Write `<!-- this -->` or ``a ` <!-- this -->``.'],
    ['a block of code', '```html\n<!-- this -->\n```\n\n- a\n\n      <!-- this -->\n'],
    ['plain words by its backslash', 'Write \\<!-- this -->.'],
    ['not closed', 'Write <!-- this.'],
  ])('keeps what would be a comment where it is %s', async (_, text) => {
    expect((await markdown(text)).chunks.map((chunk) => chunk.text)).toEqual([text.trim()]);
  });

  it('looks for comments in time that grows with the length', async () => {
    const ticks = Array.from({ length: 500 }, (_, length) => '`'.repeat(length + 1)).join(' ');
    const { text } = await markdown(
      `a ${'<!-- '.repeat(50_000)} ${ticks}\n\n${'a <!-- b --> '.repeat(20_000)}c`,
    );
    expect(text).toMatch(/^a <!-- [^]* a {12}c$/);
  });

  it('leaves out comments, scripts and styles, but not other HTML', async () => {
    const text =
      'One.\n\n<!-- secret -->\n\n<script>\nlet hidden;\n</script>\n\n<details>Shown</details>\n\nTwo.\n';
    const found = (await markdown(text)).chunks.map((chunk) => chunk.text).join('\n');
    expect(found).not.toMatch(/secret|hidden/);
    expect(found).toMatch(/One[^]*Shown[^]*Two/);
  });

  it('names a heading by its words: as links define them, without badges, with a picture where that is all', async () => {
    const heads = ['# Race ![built](b.svg)', '## [1.2] ~~now~~ then', '# ![Logo](l.svg)'];
    const text = [...heads.flatMap((head) => [head, filler, filler]), '[1.2]: https://example.org'].join(
      '\n\n',
    );
    const { title, chunks } = await markdown(text);
    expect(title).toBe('Race');
    expect(chunks.map(({ headings }) => headings.at(-1))).toEqual(
      expect.arrayContaining(['Race', '1.2 now then', 'Logo']),
    );
  });

  it('keeps footnotes of one word, and leaves out what links are defined as', async () => {
    const found = (await markdown('One[^1].\n\n[^1]: Sluice\n\n[a]: https://example.org\n')).chunks;
    expect(found.map((chunk) => chunk.text).join()).toMatch(/Sluice(?![^]*example)/);
  });

  it('takes what is deep within quotes and lists along', async () => {
    const { chunks } = await markdown(`${'> '.repeat(150)}deep\n\n${'- '.repeat(150)}deeper\n`);
    expect(chunks.map((chunk) => chunk.text).join()).toMatch(/deep[^]*deeper/);
  });

  it('counts lines as editors do, however they end', async () => {
    const text = 'One.\r\n\r\n# Two\r\rThree.\n';
    const { chunks } = await markdown(text);
    expect(chunks.map(({ start, end, text: own }) => text.slice(start, end) === own)).not.toContain(false);
    expect(chunks.map((chunk) => chunk.text).join('\n')).toMatch(/One[^]*Three\./);
  });
});
