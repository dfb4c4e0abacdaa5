import { isIPv4, isIPv6 } from 'node:net';
import { writtenPatterns } from '../engine/patterns.ts';
import { anyOf, shapes } from '../engine/shapes.ts';

/** Addresses of RFC 5321’s sizes with a top-level domain of letters. */
export const emailAddresses = writtenPatterns('pii/email', 0.95, [
  /(?<![\w.+-])[a-z0-9_%+-][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}\b/,
]);

/** Which is grouped otherwise: a social security number of the United States. */
const isPhoneNumber = (found: string): boolean => !/^\d{3}-\d{2}-\d{4}$/.test(found);

/** International numbers, and local ones whose grouping or brackets tell. */
export const phoneNumbers = writtenPatterns(
  'pii/phone',
  0.6,
  [
    /(?<![\w.+-])(?:\+|00)[1-9]\d{6,14}(?![\w-])/,
    /(?<![\w.+-])(?:\+|00)[1-9]\d{0,2}(?:[ .-]?\(\d{1,4}\))?(?:[ .-]\d{1,8}){2,5}(?:x\d{1,5})?(?![\w-])/,
    /(?<![\w.+-])\(\d{2,5}\)[ .-]?\d{2,5}(?:[ .-]\d{2,5}){1,3}(?:x\d{1,5})?(?![\w-])/,
    /(?<![\w.+-])(?:001-)?\d{3}([.-])\d{3}\1\d{4}(?:x\d{1,5})?(?![\w-])/,
    /(?<![\w.+-])0\d{1,4}[ -]\d{2,4}(?:[ -]\d{2,4}){1,3}(?![\w-])/,
    /(?<![\w.+-])0\d{1,3}-\d{6,8}(?![\w-])/,
  ],
  { accepts: isPhoneNumber },
);

const dateOrAddress = /^(?:\d{4}[.-]\d{1,2}[.-]\d{1,2}|\d{1,2}[.-]\d{1,2}[.-]\d{4}|\d{1,3}(?:\.\d{1,3}){3})$/;
const phoneDigits = /^(?:\D*\d){6,20}\D*$/;

/** In whatever way they are grouped, where words say what they are. */
export const namedPhoneNumbers = shapes('pii/phone', 0.6, [
  {
    written: /(?:\+|00)?\(?\d{1,11}\)?(?:[ .-]?\(?\d{2,5}\)?){0,5}(?:x\d{1,6})?/,
    accepts: (found) => phoneDigits.test(found) && !dateOrAddress.test(found) && isPhoneNumber(found),
    near: {
      before: anyOf(
        ...['phone', 'telephone', 'tel', 'telefon', 'telefono', 'telefone', 'mobile', 'handy', 'cell', 'fax'],
        ...['phone (?:number|no)', 'call', 'dial', 'whatsapp', 'reach (?:me|us|you|him|her|them)'],
        ...['answering at', 'text (?:me|us)', 'hotline'],
      ),
      after: anyOf('office', 'fax', 'mobile', 'cell', 'home'),
    },
  },
]);

/** Of four numbers not followed by more of them, as versions are; of hexadecimal groups. */
export const ipAddresses = writtenPatterns(
  'pii/ip-address',
  0.9,
  [
    /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]{0,16}\d)/,
    /(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/,
  ],
  { accepts: (found) => isIPv4(found) || (found.length > 6 && isIPv6(found)), lookAhead: 17 },
);
