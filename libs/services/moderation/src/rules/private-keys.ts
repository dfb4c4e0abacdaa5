import type { Candidate, Detector, View } from '../engine/detector.ts';

const begin = '-----BEGIN ';
/** The rest of the first line; RFC 7468, and PGP's. */
const header = /^[A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----/;
const partialHeader = /^[A-Z0-9 ]{0,50}-{0,5}$/;
const maxHeader = 64;
const footer = /-----END [A-Z0-9 ]{1,50}-----/;
/** An RSA key of 8192 bits takes 6.4 k characters. */
const maxKey = 8192;

/** PEM blocks of private keys, from their first line to their last; to the end of the text when that is missing. */
export const privateKeys: Detector = { category: 'secrets/private-key', score: 1, detect };

function* detect(view: View): Generator<Candidate> {
  const { text, from, complete } = view;
  for (let at = text.indexOf('-', from); at !== -1;) {
    const candidate = text.startsWith(begin, at) ? follow(view, at) : undefined;
    if (candidate) yield candidate;
    else if (!complete && begin.startsWith(text.slice(at))) yield { start: at, end: text.length, open: true };
    if (candidate?.overlong) return;
    at = text.indexOf('-', candidate?.end ?? at + 1);
  }
}

function follow({ text, complete }: View, start: number): Candidate | undefined {
  const first = text.slice(start + begin.length, start + maxHeader);
  if (!header.test(first))
    return !complete && start + maxHeader > text.length && partialHeader.test(first)
      ? { start, end: text.length, open: true }
      : undefined;
  const found = footer.exec(text.slice(start, start + maxKey));
  if (found) return { start, end: start + found.index + found[0].length };
  if (text.length >= start + maxKey) return { start, end: start + maxKey, overlong: true };
  return { start, end: text.length, ...(!complete && { open: true }) };
}
