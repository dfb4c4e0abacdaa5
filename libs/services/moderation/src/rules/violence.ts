import { patterns } from '../engine/patterns.ts';

const victim = String.raw`(?:you|him|her|them|everyone|everybody|people|someone|somebody|my \w{2,20}|the \w{2,20}|your \w{2,20}|his \w{2,20})`;
const harm =
  '(?:kill|murder|stab|shoot|strangle|behead|torture|massacre|slaughter|assassinate|beat up|beat the)';

export const violence = patterns('violence', 0.6, [
  new RegExp(
    String.raw`\b(?:want to|wanna|going to|gonna|how (?:to|do i|can i)|will|should|let['’]?s|must|deserves? to) ${harm} ${victim}\b`,
  ),
  new RegExp(String.raw`\b${harm}(?:ed|s|ing|d)? (?:him|her|them) (?:to death|with|in the)\b`),
  /\b(?:mass shooting|school shooting|pipe bomb|nail bomb|car bomb|beheading|massacred?|bloodbath|genocide|ethnic cleansing)\b/,
]);

export const graphicViolence = patterns('violence/graphic', 0.6, [
  /\b(?:disembowel(?:ed|ling|ing)?|dismember(?:ed|ing|ment)?|decapitat(?:e|ed|ing|ion)|mutilat(?:e|ed|ing|ion)|eviscerat(?:e|ed|ing)|entrails|guts (?:spilled|spilling|hanging)|gouged? out|skinned alive|burn(?:ed|t) alive|blood (?:gush(?:ed|ing)|spurt(?:ed|ing)|pour(?:ed|ing)|splatter(?:ed|ing)?)|severed (?:head|limb|arm|leg|finger)s?)\b/,
]);

export const threats = patterns('harassment/threatening', 0.7, [
  /\b(?:i(?:['’]ll| will|['’]m going to| am going to|['’]m gonna)|we(?:['’]ll| will)) (?:kill|hurt|find|stab|shoot|beat|destroy|ruin|rape|burn) (?:you|your)\b/,
  /\byou(?:['’]re| are) (?:dead|going to die|gonna die|a dead man)\b/,
  /\b(?:watch your back|you deserve to (?:die|be (?:raped|shot|killed|hanged|hung)))\b/,
]);
