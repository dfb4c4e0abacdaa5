import type { Candidate, Detector, View } from '../engine/detector.ts';

/**
 * Keys that tell what they are by how they begin. `body` are the characters that follow, `min` of them at least; the key
 * ends where they do.
 */
interface KeyFormat {
  readonly begins: readonly string[];
  readonly body: RegExp;
  readonly min: number;
}

const base62 = /[A-Za-z0-9]/;
const base64url = /[A-Za-z0-9_-]/;

const formats: readonly KeyFormat[] = [
  { begins: ['AKIA', 'ASIA'], body: /[A-Z0-9]/, min: 16 }, // AWS access key id
  { begins: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], body: base62, min: 36 }, // GitHub
  { begins: ['github_pat_'], body: /[A-Za-z0-9_]/, min: 22 },
  { begins: ['glpat-'], body: base64url, min: 20 }, // GitLab
  { begins: ['sk-'], body: base64url, min: 20 }, // OpenAI, Anthropic and kin
  { begins: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'], body: base62, min: 16 }, // Stripe
  { begins: ['xoxa-', 'xoxb-', 'xoxp-', 'xoxr-', 'xoxs-'], body: /[A-Za-z0-9-]/, min: 10 }, // Slack
  { begins: ['AIza'], body: base64url, min: 35 }, // Google
  { begins: ['ya29.'], body: /[A-Za-z0-9_.-]/, min: 20 },
  { begins: ['npm_'], body: base62, min: 36 },
  { begins: ['pypi-'], body: base64url, min: 50 },
  { begins: ['hf_'], body: base62, min: 30 }, // Hugging Face
  { begins: ['SG.'], body: /[A-Za-z0-9_.-]/, min: 60 }, // SendGrid
  { begins: ['eyJ'], body: /[A-Za-z0-9_.-]/, min: 50 }, // JSON Web Token
  { begins: ['mr_'], body: base64url, min: 32 }, // Millrace
];

/** A key that goes on for longer is blocked instead of followed. */
const maxKey = 4096;

/** Keys of well-known services. */
export const knownKeys: Detector = { category: 'secrets/key', score: 0.95, detect };

const starts = new Map(
  formats.flatMap(({ begins, ...format }) => begins.map((begin) => [begin, format] as const)),
);
const begins = [...starts.keys()];
const anyBegin = new RegExp(begins.map((begin) => begin.replace('.', String.raw`\.`)).join('|'), 'g');
const longestBegin = Math.max(...begins.map(({ length }) => length));

function* detect(view: View): Generator<Candidate> {
  const { text, from, complete } = view;
  anyBegin.lastIndex = from;
  for (let match = anyBegin.exec(text); match; match = anyBegin.exec(text)) {
    const candidate = follow(view, match.index, match[0]);
    if (candidate) yield candidate;
    anyBegin.lastIndex = match.index + 1;
  }
  if (complete) return;
  for (let at = Math.max(from, text.length - longestBegin + 1); at < text.length; at++)
    if (begins.some((begin) => begin.startsWith(text.slice(at)) && mayStart(text, at, begin)))
      yield { start: at, end: text.length, open: true };
}

/** Inside a run of such characters no key begins: a key is the whole of its run. */
const mayStart = (text: string, at: number, begin: string): boolean =>
  !starts.get(begin)!.body.test(text.charAt(at - 1));

function follow({ text, complete }: View, start: number, begin: string): Candidate | undefined {
  if (!mayStart(text, start, begin)) return undefined;
  const { body, min } = starts.get(begin)!;
  const last = Math.min(text.length, start + maxKey);
  let end = start + begin.length;
  while (end < last && body.test(text.charAt(end))) end++;
  if (end === start + maxKey) return { start, end, overlong: true };
  if (end === text.length && !complete) return { start, end, open: true };
  return end - start - begin.length >= min ? { start, end } : undefined;
}
