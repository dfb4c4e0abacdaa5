import { describe, expect, it } from 'vitest';
import { TextBuilder } from '../text-builder.ts';
import { addSheet, recordLine } from './records.ts';

function linesOf(...rows: string[]): string[] {
  const builder = new TextBuilder(100_000);
  addSheet(
    builder,
    rows.map((row) => row.split(',')),
  );
  return builder.build().text.split('\n');
}

describe('a sheet', () => {
  it('may hold tables one under the other, each with a header of its own', () => {
    expect(linesOf('Fruit,Kg', 'Apple,3', 'Pear,4', '', ',,', 'City,Pop,Area', 'Rome,3,1285')).toEqual([
      'Fruit: Apple; Kg: 3',
      'Fruit: Pear; Kg: 4',
      'City: Rome; Pop: 3; Area: 1285',
    ]);
  });

  it.each([
    ['wider', 'Product,Stock,Price', 'Wheel,5,10.5', 'Product: Wheel; Stock: 5; Price: 10.5'],
    ['with an empty column', 'Product,,Stock', 'Wheel,,5', 'Product: Wheel; Stock: 5'],
  ])('may hold a table of words above one with numbers: %s', (_, header, row, shown) => {
    expect(linesOf('Name,Town', 'Ann,Ulm', 'Bob,Kiel', '', header, row)).toEqual([
      ...['Name: Ann; Town: Ulm', 'Name: Bob; Town: Kiel', shown],
    ]);
  });

  it('may set words and numbers of one table of words apart', () => {
    expect(linesOf('Name,Town', 'Ann,Ulm', '', 'Bob,Kiel', 'Cid,7', '', '4,5,6', '1,2,3').slice(1)).toEqual([
      ...['Name: Bob; Town: Kiel', 'Name: Cid; Town: 7', 'Name: 4; Town: 5; 6', 'Name: 1; Town: 2; 3'],
    ]);
  });

  it('may set the rows of one table apart', () => {
    expect(linesOf('Fruit,Kg', 'Apple,3', '', 'Pear,4', '', 'Plum,sold out', 'Fig,7')).toEqual([
      ...['Fruit: Apple; Kg: 3', 'Fruit: Pear; Kg: 4'],
      ...['Fruit: Plum; Kg: sold out', 'Fruit: Fig; Kg: 7'],
    ]);
  });
});

describe('tables under titles of their own', () => {
  const rooms = ['Rooms', 'Room,Beds', 'Blue,2', 'Green,3'];
  const read = ['Rooms', 'Room: Blue; Beds: 2', 'Room: Green; Beds: 3'];
  const guests = ['Guests', 'Guest,Nights', 'Ann,4', 'Bob,1'];
  const staff = ['Staff', 'Name,City', 'Ann,Paris', 'Bob,Rome'];
  const apart = (...parts: string[][]): string[] =>
    parts.flatMap((part, at) => (at === 0 ? part : ['', ...part]));

  it.each([
    ['directly one under the other', [...rooms, ...guests]],
    ['set apart', apart(rooms, guests)],
    ['with their titles set apart', apart(rooms, ['Guests'], guests.slice(1))],
  ])('have names of their own: %s', (_, sheet) => {
    expect(linesOf(...sheet)).toEqual([...read, 'Guests', 'Guest: Ann; Nights: 4', 'Guest: Bob; Nights: 1']);
  });

  it('have names of their own where there are words alone', () => {
    const shown = ['Staff', 'Name: Ann; City: Paris', 'Name: Bob; City: Rome'];
    expect(linesOf(...rooms, ...staff)).toEqual([...read, ...shown]);
    expect(linesOf(...apart(staff, rooms))).toEqual([...shown, ...read]);
  });

  it('are told from groups of one table', () => {
    expect(linesOf('Name,Age', 'North', 'Ann,31', 'Bob,22', 'South', 'Cid,18', 'Dan,25').slice(1, 5)).toEqual(
      [...['Name: Ann; Age: 31', 'Name: Bob; Age: 22', 'Name: South', 'Name: Cid; Age: 18']],
    );
  });
});

describe('a table below another', () => {
  const sales = ['Region,Sales', 'North,100', 'South,90'];
  const read = ['Region: North; Sales: 100', 'Region: South; Sales: 90'];

  it.each([
    [
      'has names over several numbers',
      ['Land,Plan A,Plan B', 'Rome,7,8'],
      'Land: Rome; Plan A: 7; Plan B: 8',
    ],
    ['has usual names', ['Product,Cost (EUR)', 'Pen,2'], 'Product: Pen; Cost (EUR): 2'],
    ['has one of the names above', ['Region,Lost', 'West,7'], 'Region: West; Lost: 7'],
  ])('has names of its own where it %s', (_, [names, row], shown) => {
    const wide = names!.split(',').length === 3 ? ['Town,2022,2023', 'Ulm,5,6'] : sales;
    expect(linesOf(...wide, '', names!, row!).at(-1)).toBe(shown);
  });

  it.each([
    ['of years', ['Kind,2022,2023', 'In,5,6', '', 'Kind,2020,2021', 'In,3,4'], 'Kind: In; 2020: 3; 2021: 4'],
    ['of words', ['Year,Size', '2021,55', '', 'Role,Person', 'Chair,Ann'], 'Role: Chair; Person: Ann'],
    ['that alone has a title', [...sales, 'Costs', 'Region,Costs', 'North,7'], 'Region: North; Costs: 7'],
  ])('has names of its own: one %s', (_, rows, shown) => {
    expect(linesOf(...rows).at(-1)).toBe(shown);
  });

  it('needs no blank row where it is wider than one of words, with numbers in several columns', () => {
    const below = ['Year,Members,Fee', '2021,55,10', '2022,61,12'];
    expect(linesOf('Role,Person', 'Chair,Ann', 'Clerk,Bob', ...below)).toEqual([
      ...['Role: Chair; Person: Ann', 'Role: Clerk; Person: Bob'],
      ...['Year: 2021; Members: 55; Fee: 10', 'Year: 2022; Members: 61; Fee: 12'],
    ]);
  });

  it('may stand further right in the sheet, with its title', () => {
    const sheet = ['Sales', ...sales, '', 'Costs', 'Region,Costs', 'North,7'];
    for (const by of [',', ',,'])
      expect(linesOf(...sheet.map((row) => by + row))).toEqual([
        ...['Sales', ...read, 'Costs', 'Region: North; Costs: 7'],
      ]);
  });

  it('is none that says the names again', () => {
    for (const apart of [[], ['']]) expect(linesOf(...sales, ...apart, ...sales)).toEqual([...read, ...read]);
    expect(linesOf('the mill,open', 'A weir,shut', 'the mill,open')).toHaveLength(3);
  });

  it.each([
    ['words in place of numbers', 'Item,Mon,Tue', 'Fig,closed,closed', 'Item: Fig; Mon: closed; Tue: closed'],
    ['a usual name within', 'Item,Kg', 'Item 4,sold out', 'Item: Item 4; Kg: sold out'],
    ['a name of a row', 'Item,Kg', 'Total,pending', 'Item: Total; Kg: pending'],
  ])('is none where rows set apart begin with %s', (_, names, row, shown) => {
    expect(linesOf(names, 'Pear,3,4', '', row, 'Plum,7,8')[1]).toBe(shown);
  });

  it('is none where it is of groups, or of a row of sums', () => {
    const groups = ['Staff', 'Name,City', 'North', 'Ann,Ulm', 'Bob,Kiel', 'South', 'Cid,Rome', 'Dan,Bonn'];
    expect(linesOf(...groups).slice(-2)).toEqual(['Name: Cid; City: Rome', 'Name: Dan; City: Bonn']);
    expect(linesOf(...sales, '', 'Total,190', 'Mean,95').slice(-2)).toEqual([
      ...['Region: Total; Sales: 190', 'Region: Mean; Sales: 95'],
    ]);
  });
});

describe('tables of words under titles', () => {
  const contacts = ['Contacts', 'Name,Phone', 'Ann,020 11', 'Bob,020 22'];
  const staff = ['Staff', 'Name,City', 'Ann,Ulm', 'Bob,Kiel'];

  it('are told by usual names', () => {
    const below = ['Machines', 'Model,Maker,Hall', 'Loom,Acme,A', 'Press,Bolt,B'];
    expect(linesOf(...staff, ...below).slice(-2)).toEqual([
      ...['Model: Loom; Maker: Acme; Hall: A', 'Model: Press; Maker: Bolt; Hall: B'],
    ]);
  });

  it('are told by numbers in the one above, and have no names that nothing tells', () => {
    for (const apart of [[], ['']])
      expect(
        linesOf(...contacts, ...apart, 'Suppliers', 'Firm,Contact', 'Acme,Cid', 'Bolt,Dot').slice(3),
      ).toEqual(['Suppliers', 'Firm | Contact', 'Acme | Cid', 'Bolt | Dot']);
  });
});

describe('sums in a sheet', () => {
  it('have names of their own, not those of the columns they stand in', () => {
    const items = ['Item,Pieces,Price,Total', 'Wheel,2,500,1000', 'Stone,1,700,700'];
    expect(
      linesOf(...items, ',,Subtotal,1700', ',,VAT 19%:,323', '', ',,Total,2023', 'Discount,,,5').slice(2),
    ).toEqual([...['Subtotal: 1700', 'VAT 19%: 323', 'Total: 2023', 'Item: Discount; Total: 5']]);
  });

  it('are none where a word stands in for a number', () => {
    expect(linesOf('Item,Paid,Price', 'Wheel,500,500', ',pending,12.5').at(-1)).toBe(
      'Paid: pending; Price: 12.5',
    );
  });

  it('are none where words are values of their column', () => {
    expect(linesOf('Name,City,Score', 'Ann,Paris,3', ',Rome,4')).toEqual([
      'Name: Ann; City: Paris; Score: 3',
      'City: Rome; Score: 4',
    ]);
  });
});

describe('a form in a sheet', () => {
  it('may have names side by side, a title above and a table below', () => {
    const form = ['Invoice', 'Number:,4711,Date:,2024-03-01', 'Customer:,Contoso,Due:,2024-04-01'];
    expect(linesOf(...form, '', 'Item,Pieces,Price', 'Wheel,2,500', 'Stone,1,700')).toEqual([
      'Invoice',
      'Number: 4711; Date: 2024-03-01',
      'Customer: Contoso; Due: 2024-04-01',
      'Item: Wheel; Pieces: 2; Price: 500',
      'Item: Stone; Pieces: 1; Price: 700',
    ]);
  });
});

describe('a form with colons', () => {
  const items = ['Item,Pieces,Price', 'Wheel,2,500', 'Stone,1,700'];
  const read = ['Item: Wheel; Pieces: 2; Price: 500', 'Item: Stone; Pieces: 1; Price: 700'];

  it.each([
    ['two names', ['Invoice no:,4711', 'Customer:,Acme GmbH'], ['Invoice no: 4711', 'Customer: Acme GmbH']],
    ['one name', ['Date:,2024-03-01'], ['Date: 2024-03-01']],
    [
      'names side by side',
      ['No:,4711,Date:,2024-03-01', 'To:,Acme'],
      ['No: 4711; Date: 2024-03-01', 'To: Acme'],
    ],
  ])('of %s may stand directly above a table', (_, form, lines) => {
    expect(linesOf(...form, ...items)).toEqual([...lines, ...read]);
  });

  it('may stand directly above a table as narrow as itself', () => {
    expect(linesOf('No:,4711', 'To:,Acme', 'Item,Price', 'Wheel,500', 'Stone,700')).toEqual([
      ...['No: 4711', 'To: Acme', 'Item: Wheel; Price: 500', 'Item: Stone; Price: 700'],
    ]);
  });

  it('is told from a header, whose names have one colon', () => {
    expect(linesOf('Time:,Place:', '08:00,Hall', '09:30,Yard')).toEqual([
      ...['Time: 08:00; Place: Hall', 'Time: 09:30; Place: Yard'],
    ]);
  });
});

describe('a record', () => {
  it('may have any number of columns', () => {
    const header = Array.from({ length: 200_000 }, (_, column) => `column ${column}`);
    expect(recordLine(header)(['a', '', 'b'])).toBe('column 0: a; column 2: b');
  });

  it('says no empty columns of one name where there are very many', () => {
    const line = recordLine(Array.from({ length: 200_000 }, () => 'Score'));
    expect(line(['', '7'])).toMatch(/^Score:; Score: 7; Score:/);
    expect(line(['', '7']).length).toBeLessThan(10_000);
  });
});
