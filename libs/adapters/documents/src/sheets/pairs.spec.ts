import { describe, expect, it } from 'vitest';
import { arePairs, pairLine, wideFormLines } from './pairs.ts';

const rowsOf = (text: string): string[][] => text.split('; ').map((row) => row.split('|'));

describe('a table of two columns', () => {
  it.each([
    ['begins with a number', 'Invoice number|4711; Customer|Contoso; Total|1200 EUR'],
    ['has names as forms have', 'Customer|Contoso; Invoice number|4711; Total|1200 EUR'],
    ['has usual names and nothing but words', 'Name|Ann; City|Paris; Email|ann@mill.example'],
    ['has colons', 'Wheel:|oak; Stone:|granite; Dam:|earth'],
    ['begins with a word that has a number in it', 'Model|XR-20; Weight|12 kg; Voltage|230 V; Wheel|oak'],
    ['has values of all kinds', 'Owner|ACME Ltd; Volume|1,234.50; Begun|2024-03-01; Site|Kiel; Shifts|2'],
    ['begins with a date', 'Delivered|2024-03-01; Miller|Ann; Stone|granite'],
    ['has a name alone', 'Customer|Contoso; Notes; Total|1200 EUR; Invoice|17'],
    ['goes on below a value', 'Customer|Contoso; Address|Mill Lane 3; |Kiel; Total|1200 EUR'],
  ])('is a form when it %s', (_, text) => {
    expect(arePairs(rowsOf(text))).toBe(true);
  });

  it.each([
    ['names its values', 'Field|Description; Name|of a person; City|of birth'],
    ['has numbers below a word', 'Country|Total; Belgium|11; France|12; Spain|9'],
    ['has a year above its values', 'Country|2019; Belgium|high; France|low; Spain|low'],
    ['has dates and few words below a word', 'Task|Due; Dam|2024-03-01; Wheel|2024-04-01; Stone|to be told'],
    ['has numbers throughout', 'Ann|31; Bob|22; Cid|18'],
    ['says a name twice', 'Customer|Contoso; Total|1200 EUR; Customer|Fabrikam'],
    ['counts its rows', '1|Customer; 2|Total; 3|Invoice'],
    ['has words without a sign of names', 'Fruit|Hue; Pear|Red; Plum|Blue; Fig|Green'],
    ['has two rows', 'Customer|Contoso; Total|1200 EUR'],
    ['has a third column', 'Customer|Contoso; Total|1200|EUR; Invoice|17; Order|3'],
  ])('is none when it %s', (_, text) => {
    expect(arePairs(rowsOf(text))).toBe(false);
  });

  it('gives each name with its value', () => {
    expect([['Total:', '7'], ['Total', '7'], ['Notes'], ['', 'Kiel']].map(pairLine)).toEqual([
      'Total: 7',
      'Total: 7',
      'Notes',
      'Kiel',
    ]);
  });
});

describe('a table of several columns', () => {
  it.each([
    [
      'has names that end in colons',
      'Name:|Ada|Born:|1815; Town:|London|Died:|1852; Note:|first of all',
      'Name: Ada; Born: 1815; Town: London; Died: 1852; Note: first of all',
    ],
    [
      'has values of several cells, none, or below',
      'Total:|1200|EUR|Due:; Paid:|900|EUR|Open:|300; |in two parts; Seen:|yes',
      'Total: 1200 EUR; Due:; Paid: 900 EUR; Open: 300; in two parts; Seen: yes',
    ],
    [
      'says a name of two people',
      'Buyer:|Contoso|Seller:|Fabrikam; City:|Kiel|City:|Ulm',
      'Buyer: Contoso; Seller: Fabrikam; City: Kiel; City: Ulm',
    ],
    [
      'has names as forms have in every other column',
      'Name|Ada Byron|Date|1815-12-10; City|London|Phone|555-017; Status|new',
      'Name: Ada Byron; Date: 1815-12-10; City: London; Phone: 555-017; Status: new',
    ],
  ])('is a form when it %s', (_, text, lines) => {
    expect(wideFormLines(rowsOf(text))?.join('; ')).toBe(lines);
  });

  it.each([
    ['names its columns', 'Name|Phone|City|Date; Ada|555|London|1815; Bob|556|Kiel|1816; Cid|557|Ulm|1817'],
    ['names its columns with colons', 'Name:|Age:|City:; Ada|36|London; Bob|22|Kiel; Cid|18|Ulm'],
    ['names its rows with colons', '|2019|2020; Wheat:|3|4; Rye:|5|6; Oat:|7|8'],
    ['names its rows', 'Name|Ada|Bob|Cid; City|London|Kiel|Ulm; Role|reader|miller|smith'],
    [
      'has documents in it',
      'Document|Amount|Party|Year; Invoice A|3|Customer B|1900; Order C|4|Client D|1901',
    ],
  ])('is none when it %s', (_, text) => {
    expect(wideFormLines(rowsOf(text))).toBeUndefined();
  });
});
