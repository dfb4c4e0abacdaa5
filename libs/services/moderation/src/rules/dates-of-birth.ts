import { anyOf, shapes } from '../engine/shapes.ts';

const year = String.raw`(?:19|20)\d{2}`;
const months = [
  ...['jan(?:uary)?', 'feb(?:ruary)?', 'mar(?:ch)?', 'apr(?:il)?', 'may', 'june?', 'july?', 'aug(?:ust)?'],
  ...['sept?(?:ember)?', 'oct(?:ober)?', 'nov(?:ember)?', 'dec(?:ember)?'],
].join('|');
const dates = [
  String.raw`\d{1,2}([./-])\d{1,2}\1(?:${year}|\d{2})`,
  String.raw`${year}([./-])\d{1,2}\1\d{1,2}`,
  String.raw`\d{1,2}(?:st|nd|rd|th)?\.? (?:of )?(?:${months})\.?,? ${year}`,
  String.raw`(?:${months})\.? \d{1,2}(?:st|nd|rd|th)?,? ${year}`,
];

const born = anyOf(
  ...[
    'born',
    'date of birth',
    'birth ?date',
    'birthday',
    'd\\.?o\\.?b',
    'geboren',
    'geburtsdatum',
    'geburtstag',
  ],
  ...['nee? le', 'date de naissance', 'nacid[oa]', 'fecha de nacimiento', 'nat[oa] il', 'data di nascita'],
  ...['data de nascimento', 'geboortedatum', 'data urodzenia', 'fodelsedatum', 'fodselsdato'],
);

/** Dates behind a word that says whose beginning they are; any other date is nobody's. */
export const datesOfBirth = shapes(
  'pii/date-of-birth',
  0.7,
  dates.map((written) => ({ written: new RegExp(written, 'u'), near: { before: born } })),
);
