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

const count = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
const spelled = ['five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen']; // prettier-ignore

/** Who is a minor. Ages count below 18; words for young adults stay out. */
const minor = new Phrases([
  'child', 'children', 'kid', 'kids', 'minor', 'minors', 'toddler', 'toddlers', 'infant', 'infants', 'underage',
  'underaged', 'preteen', 'preteens', 'pre teen', 'pre teens', 'preschooler', 'preschoolers', 'schoolgirl',
  'schoolgirls', 'schoolboy', 'schoolboys', 'prepubescent', 'pubescent', 'loli', 'lolis', 'shota', 'teen', 'teens',
  'teenage', 'teenager', 'teenagers', 'lolita', 'kindergarten', 'tween', 'tweens',
  ...['little', 'young', 'small', 'baby'].flatMap((size) =>
    ['girl', 'girls', 'boy', 'boys', 'daughter', 'son', 'sister', 'brother', 'cousin', 'niece', 'nephew'].map(
      (who) => `${size} ${who}`,
    ),
  ),
  ...['elementary', 'middle', 'high', 'primary', 'grade', 'junior high'].map((level) => `${level} school`),
  ...['middle', 'high'].flatMap((level) => [`${level} schooler`, `${level} schoolers`]),
  ...[...count(1, 17).map(String), ...spelled].flatMap((age) => [
    `${age} year old`, `${age} years old`, `${age} year olds`, `${age} yr old`, `${age} yo`, `${age}yo`, `${age} y o`,
  ]),
  ...count(5, 17).flatMap((age) => ['age', 'aged', 'turned'].map((word) => `${word} ${age}`)),
  ...count(1, 9).flatMap((grade) => ['grade', 'grader', 'graders'].map((word) => `${grade}th ${word}`)),
  ...['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'].flatMap((grade) => [
    `${grade} grade`, `${grade} grader`, `${grade} graders`,
  ]),
]); // prettier-ignore

/** It is about protection, law, health or research. */
const spokenAbout = new Phrases([
  'prevent', 'prevents', 'preventing', 'prevention', 'protect', 'protects', 'protecting', 'protection', 'law', 'laws',
  'legal', 'illegal', 'crime', 'crimes', 'convicted', 'arrested', 'sentenced', 'charged', 'police', 'court', 'report',
  'reported', 'reporting', 'education', 'educational', 'curriculum', 'therapy', 'therapist', 'counseling', 'survivor',
  'survivors', 'victim', 'victims', 'awareness', 'safeguarding', 'unicef', 'study', 'studies', 'research',
  'researchers', 'statistics', 'mortality', 'ratio', 'ratios', 'per cent', 'percent', 'census', 'gender',
  'breastfeeding', 'pediatric', 'paediatric', 'vaccine', 'doctor', 'health',
]); // prettier-ignore

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
  unless: spokenAbout,
  distance: 120,
});
