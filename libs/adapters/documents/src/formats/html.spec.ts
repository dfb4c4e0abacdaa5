import { describe, expect, it } from 'vitest';
import { codeOf, read } from '../testing/read.ts';

const html = (body: string, head = '') =>
  read(`<!doctype html><html><head>${head}</head><body>${body}</body></html>`);

describe('HTML', () => {
  it('gives headings, paragraphs, lists and tables in reading order', async () => {
    const document = await html(
      `<h1>The <em>mill</em></h1><p>A  wheel
      turns.<br>Always.</p><ul><li>flour<ul><li>fine</li></ul></li><li>bran</li></ul>
      <ol start=3><li>stop</li></ol><pre>a
  b</pre><table><tr><th>Name<th>Size</tr><tr><td>wheel<td>3 <b>m</b></tr></table>`,
      '<title>Mills &amp; wheels</title>',
    );
    expect(document.title).toBe('Mills & wheels');
    expect(document.text.split('\n\n')).toEqual([
      'The mill',
      'A wheel turns.\nAlways.',
      '- flour\n  - fine\n- bran',
      '3. stop',
      'a\n  b',
      'Name | Size\nwheel | 3 m',
    ]);
    expect(document).toMatchObject({ mediaType: 'text/html', parser: 'html@6' });
  });

  it('leaves out machinery, navigation and hidden text', async () => {
    const left = [
      '<script>hidden()</script>',
      '<style>.hidden{}</style>',
      '<nav>hidden</nav>',
      '<div role="navigation">hidden</div>',
      '<p hidden>hidden</p>',
      '<p style="color:red; display : none">hidden</p>',
      '<span style="font-size:0">hidden</span>',
      '<i aria-hidden="true">hidden</i>',
      '<!-- hidden -->',
      '<template><p>hidden</p></template>',
      '<button>hidden</button>',
    ];
    expect((await html(`<p>shown</p>${left.join('')}<p>too</p>`)).text).toBe('shown\n\ntoo');
  });

  it('keeps what is hidden from those who listen alone', async () => {
    expect((await html('<div aria-hidden="true"><p>Behind a dialog.</p></div>')).text).toBe(
      'Behind a dialog.',
    );
  });

  it('keeps what folds away: buttons that are headings or open a part, and text found by search', async () => {
    const page = await html(
      '<h2><span><button>How to reset it?</button></span></h2><div>Hold both.</div>' +
        '<div role="heading"><button>What is covered?</button></div><div hidden="until-found">All of it.</div>' +
        '<details><summary><button>Where?</button></summary>Here.</details>' +
        '<button aria-expanded="false">Who?</button><button aria-controls="x">When?</button><div>Now.</div>' +
        '<button aria-expanded="false" aria-haspopup="true">Menu</button><p><button>Copy</button></p>',
    );
    expect(page.text.split('\n\n')).toEqual(
      'How to reset it?|Hold both.|What is covered?|All of it.|Where?|Here.|Who?|When?|Now.'.split('|'),
    );
  });

  it('reads only the main part of a page that has one', async () => {
    expect((await html('<div>menu</div><main><p>content</p></main><div>imprint</div>')).text).toBe('content');
  });

  it('walks through tables and lists that are page layout', async () => {
    const page = await html(
      '<table><tr><td><h2>Wheel</h2><p>Turns.</td></tr></table><ul><li><h3>Stone</h3>Grinds.</ul>',
    );
    expect(page.text).toBe('Wheel\n\nTurns.\n\nStone\n\nGrinds.');
  });

  it('keeps a table inside a table of values in the row it belongs to', async () => {
    const inner =
      '<table><caption>Oak</caption><tr><th>Size<td>3 m</tr><tr><td>Weight<td>4 kg</tr><tr><td>a<td>b<td>c</tr></table>';
    const named = `<table><tr><th>Name<th>Details<th>Price</tr><tr><td>wheel<td>see ${inner} above<td>5</tr><tr><td>stone<td>-<td>7</tr></table>`;
    const detail = 'see Oak; Size: 3 m; Weight: 4 kg; a, b, c above';
    const rows = `wheel | ${detail} | 5\nstone | - | 7`;
    expect((await html(named)).text).toBe(`Name | Details | Price\n${rows}`);
    const unnamed = named.replace(/<tr><th>Name.*?<.tr>/, '');
    expect((await html(unnamed)).text).toBe(rows);
  });

  it('reads tables inside a table one after another where that only places them', async () => {
    const inner = (text: string): string =>
      `<table><tr><th>Name<th>Size</tr><tr><td>${text}<td>3</tr></table>`;
    const placed = `<table><tr><td>${inner('wheel')}</tr><tr><td>${inner('stone')}</tr></table>`;
    expect((await html(placed)).text).toBe('Name | Size\nwheel | 3\n\nName | Size\nstone | 3');
    const long = inner('A wheel turns. '.repeat(40).trim());
    const text = (await html(`<table><tr><td>${long}<td>a</tr><tr><td>b<td>c</tr></table>`)).text;
    expect(text).toMatch(/^Name \| Size\nA wheel turns/);
  });

  it('leaves hidden rows of a table out, alone or together', async () => {
    const rows = '<tbody><tr><td>a<td>b<tr hidden><td>x<td>x<tbody hidden><tr><td>x<td>x';
    expect((await html(`<table>${rows}</table>`)).text).toBe('a | b');
  });

  it('keeps a table that has code in its cells, and code that has a table for its line numbers', async () => {
    const page = await html(
      '<table><tr><th>Command<th>Does</tr><tr><td><pre>ls\n-l</pre><td>lists</tr></table>' +
        '<table><tr><td><pre>rm</pre><td>removes</tr><tr><td><pre>cp</pre><td>copies</tr></table>' +
        '<table><tr><td><pre>1\n2</pre><td><pre>a\n  b<br>c</pre></tr></table>',
    );
    expect(page.text.split('\n\n')).toEqual([
      'Command | Does\nls -l | lists',
      'rm | removes\ncp | copies',
      '1\n2',
      'a\n  b\nc',
    ]);
  });

  it('is read in the charset its head names', async () => {
    const page = Buffer.from('<html><meta charset="iso-8859-2"><p>\u00bf\u00f3\u00b3w', 'latin1');
    expect((await read(page)).text).toBe('żółw');
  });

  it('has no text when nothing is shown', async () => {
    expect(await codeOf(html('<script>let a</script>'))).toBe('no_text');
  });

  it('refuses absurd nesting instead of dying of it', async () => {
    expect(['read', 'nested_too_deeply']).toContain(await codeOf(html(`${'<div>'.repeat(50_000)}deep`)));
  });
});
