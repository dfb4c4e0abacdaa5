import { anyOf, type Shape } from '../engine/shapes.ts';
import {
  hasLuhn,
  hasVerhoeff,
  isBirthNumber,
  isBsn,
  isChinese,
  isCodiceFiscale,
  isCpf,
  isCurp,
  isDni,
  isEan13,
  isHetu,
  isKimlik,
  isKorean,
  isMedicare,
  isMyNumber,
  isNhs,
  isNif,
  isNir,
  isNiss,
  isNorwegian,
  isNric,
  isPesel,
  isPpsn,
  isRut,
  isSteuerId,
  isSwedish,
  isTfn,
} from './identity-checks.ts';

const day = '(?:0[1-9]|[12]\\d|3[01])';
const month = '(?:0[1-9]|1[0-2])';
const shape = (parts: TemplateStringsArray, ...values: readonly string[]): RegExp =>
  new RegExp(String.raw(parts, ...values), 'u');

/** Counts with one of the words before it. */
const named = (written: RegExp, accepts: (found: string) => boolean, ...words: readonly string[]): Shape => ({
  ...{ written, accepts, near: { before: anyOf(...words) } },
});
const any = (): boolean => true;

/**
 * Numbers that a state knows a person by, each as the office that gives it describes it. One that plain digits would fit
 * too often by chance needs a word for it near. What the offices publish is gathered in
 * https://arthurdejong.org/python-stdnum/formats and, for the European Union, in https://taxation-customs.ec.europa.eu/online-services/online-services-and-databases-taxation/tin-european-commission
 */
export const identityFormats: Readonly<Record<string, readonly Shape[]>> = {
  ...northAmerica(),
  ...westernEurope(),
  ...northernAndEasternEurope(),
  ...elsewhere(),
};

function northAmerica(): Record<string, readonly Shape[]> {
  const socialSecurity = ['ssn', 'ssns', 'social security', 'social security (?:number|no|num)', 'social'];
  return {
    // Social Security Administration, POMS RM 10201.030: areas 000, 666 and 9xx, group 00 and serial 0000 are never given.
    'US SSN': [
      { written: /(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}/ },
      named(/(?!000|666|9)\d{3} ?(?!00)\d{2} ?(?!0000)\d{4}/, any, ...socialSecurity),
    ],
    // Internal Revenue Service, IRM 3.21.263: 9, and groups 50 to 65, 70 to 88, 90 to 92, 94 to 99.
    'US ITIN': [
      { written: /9\d{2}-(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])-\d{4}/ },
      named(/9\d{2} ?(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9]) ?\d{4}/, any, 'itin', 'taxpayer identification'),
    ],
    // Service Canada: the first digit is neither 0 nor 8; Luhn.
    'CA SIN': [
      named(/[1-79]\d{2}([ -]?)\d{3}\1\d{3}/, hasLuhn, 'sin', 'social insurance', 'nas', 'assurance sociale'),
    ],
    // RENAPO, Instructivo normativo para la asignación de la CURP.
    'MX CURP': [
      {
        written: shape`[a-z][aeioux][a-z]{2}\d{2}${month}${day}[hmx][a-z]{2}[b-df-hj-np-tv-z]{3}[0-9a-z]\d`,
        accepts: isCurp,
      },
    ],
  };
}

function westernEurope(): Record<string, readonly Shape[]> {
  const control = '[a-hj-np-tv-z]';
  const rijksregister = ['niss', 'insz', 'rijksregister(?:nummer)?', 'registre national', 'national number'];
  return {
    // HM Revenue & Customs, NIM39110: letters and prefixes that are not used.
    'GB NINO': [
      {
        written: /(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-prstw-z][a-ceghj-npr-tw-z] ?\d{2} ?\d{2} ?\d{2} ?[a-d]/,
      },
    ],
    // NHS Data Dictionary: modulus 11.
    'GB NHS': [
      named(/\d{3}([ -]?)\d{3}\1\d{4}/, isNhs, 'nhs', 'national health service', 'patient (?:id|number|no)'),
    ],
    // Revenue Commissioners: modulus 23.
    'IE PPSN': [named(/\d{7}[a-w][a-iw]?/, isPpsn, 'ppsn?', 'personal public service')],
    // Bundeszentralamt für Steuern: one digit stands two or three times in the first ten, and ISO 7064 MOD 11,10.
    'DE Steuer-ID': [
      named(/[1-9]\d ?\d{3} ?\d{3} ?\d{3}/, isSteuerId, 'steuer id', 'steuerid', 'steuer idnr', 'idnr', 'tin', 'tax id', 'tax (?:identification )?number', '(?:steuer)?identifikationsnummer', 'steueridentnummer', 'steuernummer'), // prettier-ignore
    ],
    // INSEE: sex, year, month (fictional ones as well), place, order; the key is 97 less the rest by 97.
    'FR NIR': [
      {
        written: /[12378] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d) ?(?:\d{2}|2[ab]) ?\d{3} ?\d{3} ?\d{2}/,
        accepts: isNir,
      },
    ],
    // IBZ: 97 less the rest by 97, with a 2 before for who was born since 2000.
    'BE NISS': [
      { written: /\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}/, accepts: isNiss },
      named(/\d{2}[ .]?\d{2}[ .]?\d{2}[ .-]?\d{3}[ .-]?\d{2}/, isNiss, ...rijksregister),
    ],
    // Rijksdienst voor Identiteitsgegevens: the test of eleven.
    'NL BSN': [
      named(/\d{4}([ .]?)\d{2}\1\d{3}/, isBsn, 'bsn', 'burgerservicenummer', 'sofi(?:nummer)?', 'citizen service number'), // prettier-ignore
    ],
    // Ministerio del Interior: the letter is the rest by 23; X, Y and Z are 0, 1 and 2.
    'ES DNI': [
      named(
        shape`(?:\d{8}|\d{2}\.\d{3}\.\d{3})[ -]?${control}`,
        isDni,
        ...['dni', 'd\\.n\\.i', 'nif', 'documento', 'identidad', 'identity', 'id'],
      ),
    ],
    'ES NIE': [{ written: shape`[xyz]-?\d{7}-?${control}`, accepts: isDni }],
    // Autoridade Tributária: modulus 11.
    'PT NIF': [named(/[1-35-9]\d{2} ?\d{3} ?\d{3}/, isNif, 'nif', 'contribuinte', 'numero fiscal')],
    // Decreto 23/12/1976: the last letter is a sum over tables of even and odd places.
    'IT codice fiscale': [
      {
        written: /[a-z]{6}\d{2}[abcdehlmprst](?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])[a-z]\d{3}[a-z]/,
        accepts: isCodiceFiscale,
      },
    ],
    // Zentrale Ausgleichsstelle: 756, and the check digit of EAN-13.
    'CH AHV': [{ written: /756\.?\d{4}\.?\d{4}\.?\d{2}/, accepts: isEan13 }],
  };
}

function northernAndEasternEurope(): Record<string, readonly Shape[]> {
  const swedishDay = '(?:0[1-9]|[12]\\d|3[01]|6[1-9]|[78]\\d|9[01])';
  return {
    // Skatteverket, SKV 704: Luhn over the last ten digits; days from 61 on are coordination numbers.
    'SE personnummer': [
      { written: shape`(?:19|20)?\d{2}${month}${swedishDay}[-+]\d{4}`, accepts: isSwedish },
      named(
        shape`(?:19|20)?\d{2}${month}${swedishDay}\d{4}`,
        isSwedish,
        ...['personnummer', 'samordningsnummer', 'personal identity number'],
      ),
    ],
    // Skatteetaten: two check digits by modulus 11; D-numbers have 4 more in the first digit.
    'NO fødselsnummer': [{ written: shape`[0-7]\d${month}\d{2} ?\d{5}`, accepts: isNorwegian }],
    // CPR-kontoret: no checksum since 2007.
    'DK CPR': [named(shape`${day}${month}\d{2}-?\d{4}`, any, 'cpr', 'cpr nr', 'cpr nummer', 'personnummer')],
    // Digi- ja väestötietovirasto: the sign is the rest by 31; since 2023 more signs stand for the century.
    'FI HETU': [{ written: shape`${day}${month}\d{2}[-+a-fu-y]\d{3}[0-9a-fhj-npr-y]`, accepts: isHetu }],
    // Ministerstwo Cyfryzacji: weights 1, 3, 7, 9.
    'PL PESEL': [named(/\d{11}/, isPesel, 'pesel')],
    // Act 133/2000: modulus 11, with a stroke.
    'CZ rodné číslo': [{ written: shape`\d{2}[0-35-8]\d${day}/\d{4}`, accepts: isBirthNumber }],
    // Nüfus ve Vatandaşlık İşleri: two check digits.
    'TR kimlik': [
      named(/[1-9]\d{10}/, isKimlik, 'tckn', 'kimlik', 't\\.?c\\.? kimlik', 'kimlik (?:no|numarasi)'),
    ],
  };
}

function elsewhere(): Record<string, readonly Shape[]> {
  return {
    // Receita Federal: two check digits by modulus 11.
    'BR CPF': [
      { written: /\d{3}\.\d{3}\.\d{3}-\d{2}/, accepts: isCpf },
      named(/\d{9}-?\d{2}/, isCpf, 'cpf', 'cadastro de pessoas? fisicas?'),
    ],
    // Servicio de Registro Civil: modulus 11.
    'CL RUT': [named(/\d{1,2}\.?\d{3}\.?\d{3}-?[\dk]/, isRut, 'rut', 'run', 'rol unico')],
    // UIDAI: Verhoeff.
    'IN Aadhaar': [
      named(
        /[2-9]\d{3}([ -]?)\d{4}\1\d{4}/,
        hasVerhoeff,
        'aadh?aar',
        'uidai',
        'uid',
        'unique identification',
      ),
    ],
    // Income Tax Department: the fourth letter of a person is P.
    'IN PAN': [named(/[a-z]{3}p[a-z]\d{4}[a-z]/, any, 'pan', 'permanent account', 'income tax')],
    // Immigration & Checkpoints Authority: weights 2, 7, 6, 5, 4, 3, 2 and tables of letters.
    'SG NRIC': [{ written: /[stfgm]\d{7}[a-z]/, accepts: isNric }],
    // Ministry of Public Security, GB 11643-1999: ISO 7064 MOD 11-2.
    'CN resident identity': [
      { written: shape`[1-9]\d{5}(?:19|20)\d{2}${month}${day}\d{3}[\dx]`, accepts: isChinese },
    ],
    // Ministry of the Interior and Safety; of numbers given since October 2020 only some pass the checksum.
    'KR resident registration': [{ written: shape`\d{2}${month}${day}-\d{7}`, accepts: isKorean }],
    // Ministry of Internal Affairs and Communications, Ordinance 85 of 2014.
    'JP My Number': [
      named(/\d{4}([ -]?)\d{4}\1\d{4}/, isMyNumber, 'my ?number', 'マイナンバ.{0,2}', '個人番号'),
    ],
    // Australian Taxation Office: modulus 11.
    'AU TFN': [named(/\d{3}([ -]?)\d{3}\1\d{3}/, isTfn, 'tfn', 'tax file')],
    // Services Australia: weights 1, 3, 7, 9.
    'AU Medicare': [named(/[2-6]\d{3}[ -]?\d{5}[ -]?\d/, isMedicare, 'medicare')],
    // Department of Home Affairs, Identification Act 1997: date, citizenship, Luhn.
    'ZA identity number': [{ written: shape`\d{2}${month}${day} ?\d{4} ?[012]\d ?\d`, accepts: hasLuhn }],
    'driving licence': [named(/[a-z]{0,2}\d{6,14}[a-z]?/, any, "driv(?:er|ing)'?s? licen[cs]e", "driver'?s? license", 'fuhrerschein', 'permis de conduire')], // prettier-ignore
    passport: [named(/[a-z]{0,2}\d{6,9}[a-z]?/, any, 'passport', 'reisepass', 'passeport', 'pasaporte')],
  };
}
