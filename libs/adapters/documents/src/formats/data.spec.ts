import { describe, expect, it } from 'vitest';
import { codeOf, read } from '../testing/read.ts';

const csv = (text: string, filename = 'a.csv') => read(text, { filename });
const json = (text: string, filename = 'a.json') => read(text, { filename });

describe('CSV', () => {
  it('makes a line of each record that can be understood alone', async () => {
    expect((await csv('Name,Age,Note\nAnn,31,"likes ""mills"",\nreally"\nBob,,\n')).text).toBe(
      'Name: Ann; Age: 31; Note: likes "mills", really\nName: Bob',
    );
  });

  it.each([
    ['semicolons', 'Name;Size\nwheel;3,5\n'],
    ['tabs', 'Name\tSize\nwheel\t3,5\n'],
    ['bars', 'Name|Size\nwheel|3,5\n'],
  ])('is cut at %s where those cut it evenly', async (_, text) => {
    expect((await csv(text)).text).toBe('Name: wheel; Size: 3,5');
  });

  it.each([
    ['semicolons', 'Umsatz 2024\nMonat;Umsatz;Zahl\nJanuar;1.234,50;3\nMai;1.534,50;4\n'],
    ['tabs', 'Umsatz 2024, vorläufig\nMonat\tUmsatz\tZahl\nJanuar\t1.234,50\t3\nMai\t1.534,50\t4\n'],
  ])('is cut at %s below a title', async (_, text) => {
    expect((await csv(text)).text).toMatch(
      /^Umsatz 2024[^\n]*\nMonat: Januar; Umsatz: 1\.234,50; Zahl: 3\nMonat: Mai; Umsatz: 1\.534,50; Zahl: 4$/,
    );
  });

  it('is not cut at what stands between quotes', async () => {
    expect((await csv('Name,Note\nAnn,"a, b; c"\nBob,"d; e"\nCid,"f, g, h; i"\n')).text).toBe(
      'Name: Ann; Note: a, b; c\nName: Bob; Note: d; e\nName: Cid; Note: f, g, h; i',
    );
  });

  it.each([
    ['commas', 'Day, Note, By\n2026-01-02, "a, b",  "Ann"\n'],
    ['semicolons', 'Day; Note; By\n2026-01-02; "a, b"; "Ann"\n'],
    ['tabs', 'Day\tNote\tBy\n2026-01-02\t "a, b"\t "Ann"\n'],
  ])('may have blanks before quotes, behind %s', async (_, text) => {
    expect((await csv(text)).text).toBe('Day: 2026-01-02; Note: a, b; By: Ann');
  });

  it('may have a quote behind blanks that opens nothing', async () => {
    expect((await csv('Name,Size\nwheel, "3\nstone, 4\n')).text).toBe(
      'Name: wheel; Size: "3\nName: stone; Size: 4',
    );
  });

  it('keeps empty fields between tabs, and quotes within a field', async () => {
    expect((await csv('Name\tSize\tNote\n"Big" wheel\t\t 5" wide\nstone\t3\t "Old" one\n')).text).toBe(
      'Name: "Big" wheel; Note: 5" wide\nName: stone; Size: 3; Note: "Old" one',
    );
  });

  it('keeps the first row as data when it names nothing', async () => {
    expect((await csv('1,2\n3,4\n')).text).toBe('1 | 2\n3 | 4');
  });

  it.each([
    [
      'years over numbers',
      'Country,2019,2020\nBelgium,11,\nFrance,,1850\n',
      'Country: Belgium; 2019: 11\nCountry: France; 2020: 1850',
    ],
    [
      'years over numbers that may be years',
      'Land,2019,2020\nBelgium,1900,1805\n',
      'Land: Belgium; 2019: 1900; 2020: 1805',
    ],
    ['one year', 'Land,2019\nBelgium,11\n', 'Land: Belgium; 2019: 11'],
    ['months', 'Land,2019-01,2019-02\nBelgium,11,12\n', 'Land: Belgium; 2019-01: 11; 2019-02: 12'],
    ['a name for rows that is left out', ',Age\nAnn,31\n', 'Ann; Age: 31'],
    ['a long name', `id,${'very '.repeat(30)}long\n1,yes\n`, `id: 1; ${'very '.repeat(30)}long: yes`],
    ['words over other words', 'name,quote\nAnn,Said hi\n', 'name: Ann; quote: Said hi'],
    [
      'usual names over single words',
      'Name,City\nAnn,Paris\nBob,Rome\n',
      'Name: Ann; City: Paris\nName: Bob; City: Rome',
    ],
    [
      'words over few that come again',
      'Fruit,Hue\nPear,Red\nPlum,Blue\nFig,Blue\nDate,Red\n',
      'Fruit: Pear; Hue: Red\nFruit: Plum; Hue: Blue\nFruit: Fig; Hue: Blue\nFruit: Date; Hue: Red',
    ],
  ])('takes for a header: %s', async (_, text, shown) => {
    expect((await csv(text)).text).toBe(shown);
  });

  it.each([
    ['numbers over numbers', 'Ann,31\nBob,22\n'],
    ['years over years', 'Ann,1990,2019\nBob,1985,2021\n'],
    ['dates over dates', '2024-01-01,made\n2024-01-02,sold\n'],
    ['single words over single words', 'Anna,Paris,Engineer\nBob,London,Baker\nCid,Rome,Cook\n'],
    ['a word that comes again', 'the mill,open\nA weir,open\n'],
    ['the same pattern of digits', 'AB-1,the mill\nCD-22,A weir\nEF-3,Some dam\n'],
  ])('takes for records: %s', async (_, text) => {
    expect((await csv(text)).text).toBe(text.trim().replaceAll(',', ' | '));
  });

  it('keeps the places of cells when nothing names them', async () => {
    expect((await csv('1,2,,4\n5,,,8\n,6,,\n')).text).toBe('1 | 2 | 4\n5 |  | 8\n | 6');
  });

  it('tells columns of one name apart', async () => {
    expect((await csv('Name,Score,Score\nAnn,1,2\nBob,,4\n')).text).toBe(
      'Name: Ann; Score: 1; Score: 2\nName: Bob; Score:; Score: 4',
    );
  });

  it('may have titles above its header', async () => {
    expect((await csv('Sales of 2024,,\n\nName,Sold,\nAnn,3,\n')).text).toBe(
      'Sales of 2024\nName: Ann; Sold: 3',
    );
  });

  it('keeps a name over an empty column, and takes none for a header that is over one column alone', async () => {
    expect((await csv('Name,Size,Note\nwheel,3,\nstone,1,\n')).text).toBe(
      'Name | Size | Note\nName: wheel; Size: 3\nName: stone; Size: 1',
    );
    expect((await csv('Customer,Contoso Ltd\nWheels\nStones\n')).text).toBe(
      'Customer | Contoso Ltd\nWheels\nStones',
    );
  });

  it('makes a line of each name with its value where it is a form', async () => {
    expect((await csv('Invoice\nInvoice number,4711\nCustomer,Contoso\nTotal,1200 EUR\n')).text).toBe(
      'Invoice\nInvoice number: 4711\nCustomer: Contoso\nTotal: 1200 EUR',
    );
  });

  it.each(['sep=;\n', '\ufeffsep=;\r\n', '"sep=;"\n'])('may say its separator: %j', async (line) => {
    expect((await csv(`${line}Name;Sizes\nwheel;1,5\nstone;2,5\n`)).text).toBe(
      'Name: wheel; Sizes: 1,5\nName: stone; Sizes: 2,5',
    );
  });

  it('takes records of unequal length', async () => {
    expect((await csv('Name,Size\nwheel\nstone,3,extra\n')).text).toBe(
      'Name: wheel\nName: stone; Size: 3; extra',
    );
  });
});

describe('JSON', () => {
  it('names each value by its path', async () => {
    const { text, title } = await json(
      '{"title":"Mill","address":{"city":"Ghent","lines":["a","b"]},"open":true}',
    );
    expect(text).toBe('title: Mill\naddress.city: Ghent\naddress.lines: a, b\nopen: true');
    expect(title).toBe('Mill');
  });

  it('keeps names without a value, with what stands there', async () => {
    const { text } = await json(
      '{"phone":null,"tags":[],"size":{},"note":"","marks":[1,null,3],"owner":{"name":null}}',
    );
    expect(text.split('\n')).toEqual([
      'phone: null',
      'tags: []',
      'size: {}',
      'note: ""',
      'marks: 1, null, 3',
      'owner.name: null',
    ]);
  });

  it.each(['null', '[]', '{}', '""', '[null, {}]', '[]\n{}\n'])(
    'has no text when it is all of nothing: %j',
    async (text) => {
      expect(await codeOf(json(text))).toBe('no_text');
    },
  );

  it('counts the last of equal names', async () => {
    expect((await json('{"a":1,"a":2}')).text).toBe('a: 2');
  });

  it('makes a block of each record', async () => {
    const wheels = '{"name":"wheel","size":3},{"name":"stone","size":1}';
    expect((await json(`[${wheels}]`)).text).toBe('name: wheel\nsize: 3\n\nname: stone\nsize: 1');
    expect((await json(`{"kind":"parts","parts":[${wheels}]}`)).text).toBe(
      'kind: parts\n\nparts.name: wheel\nparts.size: 3\n\nparts.name: stone\nparts.size: 1',
    );
  });

  it('shows each number as it is spelled', async () => {
    const numbers = '{"id":12345678901234567890,"price":1.10,"sizes":[2.0,1e3,-0],"far":1e400}';
    const shown = 'id: 12345678901234567890\nprice: 1.10\nsizes: 2.0, 1e3, -0\nfar: 1e400';
    expect((await json(numbers)).text).toBe(shown);
    expect((await json(`${numbers}\n${numbers}`, 'a.jsonl')).text).toBe(`${shown}\n\n${shown}`);
  });

  it('may be one value a line', async () => {
    expect((await json('{"a":1}\n{"a":2}\n', 'a.jsonl')).text).toBe('a: 1\n\na: 2');
  });

  it('is refused when broken or nested beyond sense', async () => {
    expect(await codeOf(json('{"a": '))).toBe('unreadable_document');
    expect(await codeOf(json('[1]\n[2\n'))).toBe('unreadable_document');
    const deep = 100_000;
    expect(await codeOf(json('['.repeat(deep) + ']'.repeat(deep)))).toBe('nested_too_deeply');
    expect(await codeOf(json('{"a":'.repeat(deep) + '1' + '}'.repeat(deep)))).toBe('nested_too_deeply');
  });

  it('drops halves of surrogate pairs', async () => {
    expect((await json('{"a":"x\\ud800y"}')).text).toBe('a: x\ufffdy');
  });
});

describe('SVG', () => {
  it('gives the words of the drawing', async () => {
    const svg =
      '<svg xmlns="x"><title>Mill</title><path d="M0 0"/><text x="1">turns <tspan>round</tspan></text></svg>';
    expect(await read(svg)).toMatchObject({ title: 'Mill', text: 'turns round', mediaType: 'image/svg+xml' });
  });
});
