import { describe, expect, it } from 'vitest';
import { read } from '../testing/read.ts';

const textOf = async (body: string): Promise<string> =>
  (await read(`<!doctype html><html><head></head><body>${body}</body></html>`)).text;

describe('formulas in HTML', () => {
  it.each([
    ['a fraction', '<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>', '(a+b)/2'],
    ['powers and indices', '<msup><mi>x</mi><mn>2</mn></msup><msub><mi>y</mi><mi>i</mi></msub>', 'x^2y_i'],
    [
      'roots',
      '<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt><mroot><mi>y</mi><mn>3</mn></mroot>',
      '√(x+1)√[3]y',
    ],
    [
      'a sum, once, where TeX stands beside it',
      '<semantics><mrow><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi></mrow><annotation>\\sum</annotation></semantics>',
      '∑_(i=1)^n i',
    ],
    ['a matrix', '<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>', '1, 2'],
  ])('are written on one line: %s', async (_, math, shown) => {
    expect(await textOf(`<p>So <math>${math}</math>, always.</p>`)).toBe(`So ${shown}, always.`);
    expect(await textOf(`<table><tr><td>a<td><math>${math}</math></tr></table>`)).toBe(`a | ${shown}`);
  });

  it('may be powers of plain text: no digit of them becomes one of the number under it', async () => {
    const text = await textOf(
      '<h2>10<sup>23</sup></h2><p>Up to 1,200<sup>3</sup>, <b>10</b><sup>-9</sup> m<sup>2</sup>, the 5<sup>th</sup> mill<sup>2</sup>.</p>' +
        '<table><tr><th>Year<th>Sacks</tr><tr><td>1791<td>2800<sup>1</sup></tr></table>',
    );
    expect(text).toContain('10^23');
    expect(text).toContain('Up to 1,200^3, 10^-9 m^2, the 5th mill2.');
    expect(text).toContain('2800^1');
  });

  it('are no powers where nothing is shown, or nothing stands before them on their line', async () => {
    expect(await textOf('<p>10<sup hidden>2</sup> sacks</p>')).toBe('10 sacks');
    expect(await textOf('<div>10</div><sup>2</sup> sacks')).toBe('10\n\n2 sacks');
  });

  it('are read in time that grows with their number', async () => {
    expect(await textOf(`<p>${'10<sup>23</sup> '.repeat(100_000)}</p>`)).toHaveLength(600_000 - 1);
  });

  it('are read where only a picture of them is shown', async () => {
    const math =
      '<span style="display: none"><math><mi>x</mi></math></span><img aria-hidden="true" alt="{x}">';
    expect(await textOf(`<p>Let ${math} be one.</p>`)).toBe('Let x be one.');
  });
});

describe('pictures in HTML', () => {
  it('are read by their alternative text, unless it is the name of a file', async () => {
    expect(
      await textOf(
        '<p>Press <img alt="the wheel"> now.</p><img alt=""><img alt="img_1.PNG"><table><tr><td>a<td><img alt="yes"></table>',
      ),
    ).toBe('Press the wheel now.\n\na | yes');
  });

  it('are not read by what a program says of them', async () => {
    const written = [
      'A dog Description automatically generated',
      'A sign AI-generated content may be incorrect.',
    ];
    expect(await textOf(`<p>a</p>${written.map((alt) => `<img alt="${alt}">`).join('')}`)).toBe('a');
  });

  it('are read by their labels when they are drawn in the page', async () => {
    const drawing =
      '<title>Sales</title><desc>By year</desc><g><text>2024</text><text>2025 <tspan>plan</tspan></text></g><style>no</style>';
    expect(
      await textOf(`<p>See <svg>${drawing}</svg></p><svg aria-hidden="true"><text>icon</text></svg>`),
    ).toBe('See Sales By year 2024 2025 plan');
  });
});

describe('lists in HTML', () => {
  it.each([
    ['start', '<ol start=0><li>a<li>b</ol>', '0. a\n1. b'],
    ['run backwards', '<ol reversed><li>a<li hidden>-<li>b</ol>', '2. a\n1. b'],
    ['run backwards from a number', '<ol reversed start=10><li>a<li>b</ol>', '10. a\n9. b'],
    ['are of no such kind', '<ol type=toString><li>a</ol>', '1. a'],
    ['jump', '<ol><li>a<li value=7>b<li>c</ol>', '1. a\n7. b\n8. c'],
    ['are letters', '<ol type=a start=26><li>a<li>b</ol><ol type=A><li>c</ol>', 'z. a\naa. b\n\nA. c'],
    ['are Roman', '<ol type=I start=1994><li>a</ol><ol type=i><li value=4>b</ol>', 'MCMXCIV. a\n\niv. b'],
    ['have no such sign', '<ol type=i start=0><li>a</ol><ol type=a start=-1><li>b</ol>', '0. a\n\n-1. b'],
    [
      'are styled',
      '<ol style="list-style: inside lower-alpha"><li>a<li style="list-style-type:upper-roman">b</ol>',
      'a. a\nII. b',
    ],
    [
      'are said in words',
      `<ul style="list-style-type: '– '"><li>a<li style='list-style:"(\\"c) "'>b<li style="list-style-type:' '">c</ul>`,
      '– a\n("c) b\n– c',
    ],
    ['are of a list inside', '<ol><li>a<ol type=a><li>b<li>c</ol><li>d</ol>', '1. a\n  a. b\n  b. c\n2. d'],
  ])('keep their numbers as the page shows them where those %s', async (_, list, shown) => {
    expect(await textOf(list)).toBe(shown);
  });

  it('keep their numbers where the items are more than lines', async () => {
    const steps = '<ol><li><p>Get it:</p><pre>get it</pre><p>Wait.</p><li>Run it:<pre>run it</pre></ol>';
    expect(await textOf(steps)).toBe('1. Get it:\n\nget it\n\nWait.\n\n2. Run it:\n\nrun it');
    expect(await textOf('<ol><li><h2>Wheel</h2><p>Turns.</ol><p>After.')).toBe('Wheel\n\nTurns.\n\nAfter.');
  });

  it('stay lists inside whatever wraps them in an item', async () => {
    expect(await textOf('<ol><li><div>a<ul><li>b<li>c</ul></div></ol>')).toBe('1. a\n  - b\n  - c');
  });

  it('stand further in than a list above them alone', async () => {
    expect(await textOf('<ul><li><ul><li>a</ul><ul><li>b<ul><li>c</ul></ul></ul>')).toBe('- a\n- b\n  - c');
  });

  it('are said once where a list stands in a list without an item', async () => {
    expect(await textOf('<ul><li>a</li><ul><li>b<ul><li>c</ul></li></ul></ul>')).toBe('- a\n  - b\n    - c');
  });

  it('leave out what is hidden inside', async () => {
    expect(await textOf('<ul><li>a<ul hidden><li>no</ul></ul>')).toBe('- a');
  });
});

describe('changes in HTML', () => {
  it('are read as they are now: what is deleted is left out, what is struck out is marked', async () => {
    expect(await textOf('<p>It is <del>gone</del><ins>new</ins>.</p>')).toBe('It is new.');
    expect(await textOf('<p>Price: <s>100</s>80 <strike><b>or 90</b></strike></p>')).toBe(
      'Price: ~~100~~80 ~~or 90~~',
    );
    expect(await textOf('<ul><li><s>done</s><li><del>x</del>to do</ul>')).toBe('- ~~done~~\n- to do');
  });
});

describe('what stands around the main part of a page', () => {
  const main = '<main><p>content</p></main>';

  it('is left out, but for a header with the heading of the page', async () => {
    const page = `<header><nav>menu</nav><h1>The mill</h1><p>Since 1900.</p></header><header>logo</header>${main}<footer>imprint</footer>`;
    expect(await textOf(page)).toBe('The mill\n\nSince 1900.\n\ncontent');
  });

  it('is not said twice when the header holds the main part', async () => {
    expect(await textOf(`<header><h1>The mill</h1>${main}</header>`)).toBe('content');
  });

  it('is read when the page names no main part', async () => {
    expect(await textOf('<header>The mill</header><p>content</p><footer>Ghent</footer>')).toBe(
      'The mill\n\ncontent\n\nGhent',
    );
  });
});

describe('forms and pages without scripts', () => {
  it('give the text that stands in a field, and leave the controls out', async () => {
    const form =
      '<form><p>Try it:</p><textarea>\nls -l\n  cd</textarea><select><option>hidden</select><meter>hidden</meter><button>hidden</button></form>';
    expect(await textOf(form)).toBe('Try it:\n\nls -l\n  cd');
  });

  it('say what is checked', async () => {
    const tasks = '<ul><li><input type="checkbox" checked disabled> done<li><input type=checkbox>open</ul>';
    expect(await textOf(tasks)).toBe('- ☒ done\n- ☐ open');
    const answer =
      '<p>Organic? <label><input type=radio name=a checked>yes</label> <input type=RADIO name=a>no';
    expect(await textOf(answer)).toBe('Organic? ☒ yes ☐ no');
  });

  it('give what is meant for readers without scripts, but not the call for them', async () => {
    expect(
      await textOf(
        '<noscript><p>Opening hours: <b>9 to 5</b></p><img alt="twice"></noscript><noscript>Please enable JavaScript.</noscript>',
      ),
    ).toBe('Opening hours: 9 to 5');
    const page = `JavaScript is a language. ${'It has objects. '.repeat(40)}`.trim();
    expect(await textOf(`<noscript><p>${page}</noscript>`)).toBe(page);
  });

  it('give what a saved page declares in place of its scripts, and no other template', async () => {
    const root = '<template shadowrootmode="open"><p>Opening hours</template>';
    expect(await textOf(`<div>${root}</div><template><p>hidden</template>`)).toBe('Opening hours');
  });
});

describe('the foot of a table in HTML', () => {
  it('stands below the rows, wherever the file has it', async () => {
    const table =
      '<table><thead><tr><th>Item<th>Pieces<tfoot><tr><td>Sum<td>3<tbody><tr><td>wheel<td>3</table>';
    expect(await textOf(table)).toBe('Item | Pieces\nwheel | 3\nSum | 3');
  });
});

describe('cells of HTML that span', () => {
  it('are repeated in each row and column', async () => {
    const table =
      '<table><tr><th rowspan="2">Mill<th colspan="2">2024</tr><tr><th>Q1<th>Q2</tr><tr><td rowspan=2>Ghent<td>3<td>4</tr><tr><td>5<td>6</tr><tr><td>Mons<td>7<td>8</tr></table>';
    expect(await textOf(table)).toBe(
      'Mill | 2024 | 2024\nMill | Q1 | Q2\nGhent | 3 | 4\nGhent | 5 | 6\nMons | 7 | 8',
    );
  });

  it('keep their places where a row is short, and end with their part of the table', async () => {
    const table =
      '<table><tbody><tr><td>a<td rowspan="9">b</tr><tr><td>c</tr></tbody><tbody><tr><td>d</tr><tr><td>e<td>f</tr></tbody></table>';
    expect(await textOf(table)).toBe('a | b\nc | b\nd\ne | f');
  });

  it('are said once when they are the title of a row, or long', async () => {
    const long = 'The wheel turns the stone. '.repeat(10).trim();
    const table = `<table><tr><td colspan="3">North</tr><tr><td rowspan="2">${long}<td>1</tr><tr><td>2</tr></table>`;
    expect(await textOf(table)).toBe(`North\n${long} | 1\n | 2`);
  });
});
