import { Tokenizer as WordPiece } from '@huggingface/tokenizers';
import { PlainWords } from './plain-words.ts';

/** Turns text into the ids of the 30,522-word vocabulary that MiniLM, bge and e5 share (BERT uncased WordPiece). */
export interface Tokenizer {
  /** How many ids there are: from 0 on. */
  readonly size: number;
  /** Ids of `text`, between [CLS] and [SEP] unless `specialTokens` is false. Never truncates, never pads. */
  encode(text: string, options?: EncodeOptions): number[];
  /** How many ids `text` has, special tokens not counted. Adds up over texts that are joined by white space. */
  count(text: string): number;
  /** Ids between [CLS] and [SEP], each put there where it is not. */
  enclose(ids: readonly number[]): number[];
}

export interface EncodeOptions {
  /** Default true. */
  readonly specialTokens?: boolean;
}

let shared: Promise<Tokenizer> | undefined;

/** The tokenizer of this process, made at the first call: the vocabulary takes about 10 MB and 50 ms. */
export function loadTokenizer(): Promise<Tokenizer> {
  shared ??= load();
  return shared;
}

async function load(): Promise<Tokenizer> {
  const { default: definition } = await import('../assets/bert-uncased.tokenizer.json', {
    with: { type: 'json' },
  });
  const { vocab } = definition.model;
  return new CachingTokenizer(
    new WordPiece(definition, {}),
    new PlainWords(vocab),
    Object.keys(vocab).length,
  );
}

/** Ids of `[CLS]` and `[SEP]`. */
const cls = 101;
const sep = 102;

/** What the model's normaliser turns into blanks; other white space (\f, \v, U+FEFF) it deletes. */
const blank = String.raw` \t\n\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
/** Signs that always stand for themselves: ASCII punctuation but [ and ], which special tokens are written with. */
const sign = String.raw`!-\/:-@\\^-\`{-~`;
/** Chinese characters of the basic plane, likewise. */
const ideograph = String.raw`\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff`;
const word = new RegExp(`[${sign}${ideograph}]|[^${blank}${sign}${ideograph}]+`, 'g');

/** In UTF-16 units. V8 cuts a longer one out of its text without a copy: kept, it would keep all of the text. */
const longestCachedWord = 12;
const cachedWords = 50_000;

/**
 * WordPiece looks at one word at a time, so ids are kept by word: ordinary text is mostly words seen before, and
 * a look-up is some twenty times cheaper than normalising and matching again.
 */
class CachingTokenizer implements Tokenizer {
  private readonly known = new Map<string, readonly number[]>();

  constructor(
    private readonly wordPiece: WordPiece,
    private readonly plainWords: PlainWords,
    readonly size: number,
  ) {}

  encode(text: string, { specialTokens = true }: EncodeOptions = {}): number[] {
    const ids = specialTokens ? [cls] : [];
    for (const each of text.match(word) ?? []) for (const id of this.idsOf(each)) ids.push(id);
    if (specialTokens) ids.push(sep);
    return ids;
  }

  enclose(ids: readonly number[]): number[] {
    return [...(ids[0] === cls ? [] : [cls]), ...ids, ...(ids.at(-1) === sep ? [] : [sep])];
  }

  count(text: string): number {
    let total = 0;
    for (const [each] of text.matchAll(word)) total += this.idsOf(each).length;
    return total;
  }

  private idsOf(each: string): readonly number[] {
    const known = this.known.get(each);
    if (known) return known;
    const ids = this.plainWords.fits(each) ? this.plainWords.idsOf(each) : this.wordPieceOf(each);
    if (each.length <= longestCachedWord) this.remember(each, ids);
    return ids;
  }

  /** Sigma by hand: JavaScript lower-cases one at the end of a word to ς, the reference implementation never. */
  private wordPieceOf(each: string): readonly number[] {
    return this.wordPiece.encode(each.replaceAll('Σ', 'σ'), { add_special_tokens: false }).ids;
  }

  /** Starts afresh when full: cheaper than tracking age, and the common words are back at once. */
  private remember(each: string, ids: readonly number[]): void {
    if (this.known.size >= cachedWords) this.known.clear();
    this.known.set(each, ids);
  }
}
