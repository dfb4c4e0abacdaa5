import { describe, expect, it } from 'vitest';
import { moderate } from '../engine/moderate.ts';
import { identityFormats } from './identity-formats.ts';
import { identityNumbers } from './identity-numbers.ts';

/** As offices and the tests of others publish them; with the word that is needed. */
const examples: Readonly<Record<string, readonly (readonly [word: string, number: string])[]>> = {
  'US SSN': [['is', '219-09-9999'], ['ssn=', '219 09 9999']], // prettier-ignore
  'US ITIN': [['is', '912-90-3456'], ['ITIN', '912903456']], // prettier-ignore
  'CA SIN': [['SIN', '123-456-782']],
  'MX CURP': [['is', 'BOXW310820HNERXN09']],
  'GB NINO': [['is', 'AB123456C'], ['is', 'AB 12 34 56 C']], // prettier-ignore
  'GB NHS': [['NHS number:', '943 476 5919']],
  'IE PPSN': [['PPS', '6433435F'], ['PPSN', '6433435OA']], // prettier-ignore
  'DE Steuer-ID': [['Steuer-ID', '36 574 261 809']],
  'FR NIR': [['is', '2 95 10 99 126 111 93']],
  'BE NISS': [['is', '85.07.30-033.28'], ['Rijksregisternummer', '85073003328']], // prettier-ignore
  'NL BSN': [['BSN', '111222333']],
  'ES DNI': [['DNI', '54362315K'], ['DNI', '54.362.315-K']], // prettier-ignore
  'ES NIE': [['is', 'X-2482300-W']],
  'PT NIF': [['contribuinte', '123456789']],
  'IT codice fiscale': [['is', 'RSSMRA85T10A562S']],
  'CH AHV': [['is', '756.9217.0769.85']],
  'SE personnummer': [['is', '880320-0016'], ['personnummer', '8803200016']], // prettier-ignore
  'NO fødselsnummer': [['is', '151086 95088']],
  'DK CPR': [['CPR', '211062-5629']],
  'FI HETU': [['is', '131052-308T']],
  'PL PESEL': [['PESEL', '44051401359']],
  'CZ rodné číslo': [['is', '710319/2745']],
  'TR kimlik': [['Kimlik No', '17291716060']],
  'BR CPF': [['is', '390.533.447-05'], ['CPF', '39053344705']], // prettier-ignore
  'CL RUT': [['RUT', '12.531.909-2']],
  'IN Aadhaar': [['Aadhaar', '2341 2341 2346']],
  'IN PAN': [['PAN', 'ABCPD1234E']],
  'SG NRIC': [['is', 'S1234567D']],
  'CN resident identity': [['is', '360426199101010071']],
  'KR resident registration': [['is', '971013-9019902']],
  'JP My Number': [['マイナンバー', '6214 9832 0257']],
  'AU TFN': [['tax file number', '123 456 782']],
  'AU Medicare': [['Medicare', '2123 45670 1']],
  'ZA identity number': [['is', '7503305044089']],
  'driving licence': [["driver's license", 'A125325867']],
  passport: [['passport', 'C01234567']],
};
/** Numbers that have no checksum. */
const unchecked = new Set([
  'US SSN',
  'US ITIN',
  'GB NINO',
  'DK CPR',
  'IN PAN',
  'driving licence',
  'passport',
]);
const all = Object.entries(examples).flatMap(([format, numbers]) =>
  numbers.map(([word, number]) => ({ format, word, number })),
);

const found = (text: string): string[] =>
  moderate([identityNumbers], {
    direction: 'input',
    preceding: '',
    text,
    encoding: 'text',
    final: true,
  }).findings.map(({ start, end }) => text.slice(start, end));

describe('numbers of persons', () => {
  it('have an example each', () => {
    expect(Object.keys(examples)).toEqual(Object.keys(identityFormats));
  });

  it.each(all)('are found: $format $number', ({ word, number }) => {
    expect(found(`Here it ${word} ${number}.`)).toEqual([number]);
  });

  it.each(all.filter(({ word, format }) => word !== 'is' && format !== 'DK CPR'))(
    'are other numbers without their word: $format $number',
    ({ number }) => {
      expect(found(`Here it is ${number}.`)).toEqual([]);
    },
  );

  it.each(all.filter(({ format }) => !unchecked.has(format)))(
    'are other numbers when they do not add up: $format $number',
    ({ word, number }) => {
      const changed = number.replace(/(?<=^\D*\d\D*)\d/, (digit) => String((Number(digit) + 1) % 10));
      expect(found(`Here it ${word} ${changed}.`)).toEqual([]);
    },
  );

  it.each([
    '2024-05-17 08:15, build 20240517123456, 13 of 8111 rows',
    'Invoice 4111-1111, 000-12-3456, 666-12-3456, part AB123456Z',
    'a version 1.2.3-4.5, page 756, ISBN 978-3-16-148410-0',
  ])('are not read into others: %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});
