import { nearby } from '../engine/nearby.ts';
import { patterns } from '../engine/patterns.ts';
import { Phrases } from '../engine/phrases.ts';

const self = ['myself', 'yourself', 'themselves', 'themself', 'oneself', 'himself', 'herself', 'ourselves'];
const verbs = ['kill', 'killing', 'hang', 'hanging', 'cut', 'cutting', 'harm', 'harming', 'hurt', 'hurting', 'starve', 'starving', 'shoot', 'shooting', 'poison', 'poisoning', 'drown', 'drowning', 'strangle', 'burn', 'burning', 'end']; // prettier-ignore
const count = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
const owners = ['my', 'your', 'their', 'his', 'her', 'one’s'];

const acts = [
  ...verbs.flatMap((verb) => self.map((who) => `${verb} ${who}`)),
  ...['end', 'ending', 'take', 'taking'].flatMap((verb) =>
    owners.flatMap((whose) => [`${verb} ${whose} life`, `${verb} ${whose} own life`]),
  ),
  ...['slit', 'slitting', 'cut', 'cutting'].flatMap((verb) =>
    owners.flatMap((whose) => [`${verb} ${whose} wrist`, `${verb} ${whose} wrists`]),
  ),
  'suicide', 'self harm', 'self harming', 'selfharm', 'self injury', 'self mutilation', 'overdose', 'overdosing',
  'commit suicide', 'committing suicide', 'thinspo', 'thinspiration', 'pro ana', 'proana', 'anorexic', 'anorexia',
  'bulimia', 'bulimic', 'purging', 'noose', 'cutting', 'razor blade', 'razor blades',
]; // prettier-ignore

/** That somebody asks for, or gives, a way to do it. */
const instruction = new Phrases([
  ...['to', 'do i', 'can i', 'could i', 'should i', 'would i', 'do you', 'can you', 'many', 'much', 'long', 'deep'].map(
    (rest) => `how ${rest}`,
  ),
  ...['way', 'ways', 'method', 'methods', 'means', 'guide', 'tutorial', 'instruction', 'instructions', 'steps', 'tip', 'tips', 'trick', 'tricks', 'technique', 'techniques'].flatMap(
    (noun) => ['to', 'of', 'for', 'on', 'by'].map((word) => `${noun} ${word}`),
  ),
  ...count(1, 9).map((step) => `step ${step}`),
  'easiest', 'fastest', 'quickest', 'best', 'painless', 'painlessly', 'least painful', 'without pain', 'surefire',
  'effective', 'lethal', 'fatal', 'where to cut', 'where should i cut', 'where do i cut', 'without anyone noticing',
  'without anyone knowing', 'without being noticed', 'without getting caught', 'pills', 'tablets', 'bleach', 'rope',
  'knot', 'ligature', 'carbon monoxide', 'exhaust', 'helium',
]); // prettier-ignore

/** It is about help, prevention, health care or the news. */
const spokenAbout = new Phrases([
  'prevent', 'prevents', 'preventing', 'prevention', 'help', 'helps', 'helped', 'hotline', 'helpline', 'lifeline',
  '988', 'support', 'supporting', 'therapy', 'therapist', 'treatment', 'treat', 'treating', 'recover', 'recovery',
  'recovering', 'warning signs', 'signs of', 'risk', 'risks', 'rate', 'rates', 'statistics', 'awareness', 'cope',
  'coping', 'stop', 'avoid', 'survivor', 'survivors', 'friend', 'someone', 'patient', 'patients', 'hospital', 'study',
  'studies', 'research', 'antidote', 'naloxone', 'squad', 'bomber', 'bombers', 'bombing', 'attack', 'attacks',
  'paper', 'glass', 'hair', 'edge', 'costs',
]); // prettier-ignore

export const selfHarmInstructions = nearby({
  category: 'self-harm/instructions',
  score: 0.8,
  anchors: new Phrases(acts),
  context: instruction,
  unless: spokenAbout,
  distance: 100,
});

export const selfHarmIntent = patterns('self-harm/intent', 0.7, [
  /\bi(?:['’]m| am| was)? ?(?:just |really |only |going to |gonna |want to |wanna |wanted to |plan to |planning to |thinking about |think about |will |might ){1,8}(?:kill(?:ing)? myself|die|dying|end(?:ing)? (?:it all|my life|it)|suicide|cut(?:ting)? myself|hurt(?:ing)? myself|not (?:be alive|exist|wake up))\b/,
  /\bi (?:do not|don['’]?t|dont) (?:want to|wanna) (?:live|be alive|exist|wake up)\b/,
  /\b(?:i(?:['’]d)? (?:be )?better off dead|i wish i (?:was|were) dead|no reason to live)\b/,
]);

export const selfHarm = patterns('self-harm', 0.6, [
  /\b(?:suicid(?:e|al|es)|self[- ]?(?:harm|injur(?:y|e|ing)|mutilation)(?:ing)?|kill(?:ed|ing)? (?:myself|yourself|themselves|himself|herself)|slit(?:ting)? (?:my|your|his|her|their) wrists?|cut(?:ting)? (?:myself|yourself)|thinspo|pro[- ]?ana|anorexi[ac]|bulimi[ac])\b/,
]);
