import { nearby } from '../engine/nearby.ts';
import { Phrases } from '../engine/phrases.ts';
import { vulgarWords } from './veiled-words.ts';

/** What makes a text sexual. Words that are also said of children in innocence stay out. */
export const sexualWords = [
  ...vulgarWords,
  'sex', 'sexual', 'sexually', 'sexy', 'sexualized', 'sexualised', 'sexting', 'nude', 'nudes', 'nudity', 'naked',
  'porn', 'porno', 'pornographic', 'pornography', 'erotic', 'erotica', 'erotically', 'genitals', 'genitalia', 'penis',
  'vagina', 'vulva', 'clitoris', 'nipple', 'nipples', 'orgasm', 'orgasms', 'masturbate', 'masturbates',
  'masturbated', 'masturbating', 'masturbation', 'fondle', 'fondled', 'fondles', 'fondling', 'seduce', 'seduced',
  'seduces', 'seducing', 'aroused', 'arousal', 'arousing', 'horny', 'topless', 'undress', 'undressed', 'undresses',
  'undressing', 'ejaculate', 'ejaculated', 'ejaculation', 'intercourse', 'incest', 'virginity', 'rape', 'raped',
  'raping', 'molest', 'molested', 'molesting', 'making love', 'make love', 'made love', 'had their way with',
  'lose her virginity', 'lost her virginity', 'threesome', 'orgy', 'foreplay', 'fetish', 'kinky', 'bondage', 'lewd',
  'lewds', 'upskirt', 'panties', 'lingerie', 'strip for', 'hentai', 'nsfw', 'smut', 'lust', 'lustful', 'sensual',
  'sensually', 'moaning', 'moaned', 'groped', 'groping', 'grope', 'lolicon', 'shotacon', 'crotch',  
             'breasts',
]; // prettier-ignore

/** Who is a minor. Ages count below 18; words for young adults stay out. */
const minor = new RegExp(
  [
    String.raw`\b(?:child|children|kid|kids|minor|minors|toddler|toddlers|infant|infants|underage|underaged|preteen|preteens`,
    String.raw`|preschooler|preschoolers|schoolgirl|schoolgirls|schoolboy|schoolboys|prepubescent|pubescent|loli|lolis|shota`,
    String.raw`|teen|teens|teenage|teenager|teenagers|lolita|jailbait|kindergarten|tween|tweens)\b`,
    String.raw`|\b(?:little|young|small|teenage|baby) (?:girl|girls|boy|boys|daughter|son|sister|brother|cousin|niece|nephew)\b`,
    String.raw`|\b(?:elementary|middle|high|primary|grade|junior high) school(?:er|ers)?\b`,
    String.raw`|\b(?:[1-9]|1[0-7])(?: ?(?:yo|yr old|yrs old|y o)\b| years? old\b| year olds?\b)`,
    String.raw`|\b(?:aged?|turned|is|was|am|only) (?:[5-9]|1[0-7])\b(?! (?:years|months|weeks|days|hours|minutes|percent|am|pm)\b(?! old))`,
    String.raw`|\b(?:five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen) years? olds?\b`,
    String.raw`|\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|[1-9]th) grader?\b`,
  ].join(''),
);

/** It is about protection, law, health or research. */
const spokenAbout =
  /\b(?:prevent|prevents|preventing|prevention|protect|protects|protecting|protection|law|laws|legal|illegal|crime|crimes|convicted|arrested|sentenced|charged|police|court|report|reported|reporting|education|educational|curriculum|therapy|therapist|counseling|survivor|survivors|victim|victims|awareness|safeguarding|unicef|study|studies|research|researchers|statistics|mortality|ratio|ratios|per cent|percent|census|gender|breastfeeding|pediatric|paediatric|vaccine|doctor|health)\b/;

export const minors = nearby({
  category: 'sexual/minors',
  score: 0.8,
  anchors: new Phrases(sexualWords),
  context: minor,
  unless: spokenAbout,
  distance: 120,
});

/** Phrases that are about nothing else. */
export const minorsPlainly = nearby({
  category: 'sexual/minors',
  score: 0.9,
  anchors: new Phrases([
    'child porn', 'child pornography', 'kiddie porn', 'kid porn', 'underage porn', 'underage sex', 'teen porn',
    'preteen porn', 'loli porn', 'lolicon', 'shotacon', 'sex with a child', 'sex with a minor', 'sex with children',
    'sex with minors', 'sex with kids', 'naked children', 'naked kids', 'nude children', 'nude kids',
  ]), // prettier-ignore
  context: /./,
  unless: spokenAbout,
  distance: 120,
});
