import { FeatureCounter, frequenciesOf, weighted } from '@millrace/text';
import { similarities } from './similarities.ts';

/** From here on two texts are variants of one. */
const alike = 0.5;
const bits = 18;

/** For each text the first of those that it is a variant of, by way of others too. */
export function firstOfKind(texts: readonly string[]): number[] {
  const counter = new FeatureCounter('words', bits);
  const counts = texts.map((text) => counter.count(text));
  const frequencies = frequenciesOf(counts, bits, 1);
  const similarity = similarities(counts.map((each) => weighted(each, frequencies)));
  const first = texts.map((_, at) => at);
  const find = (at: number): number => (first[at] === at ? at : (first[at] = find(first[at]!)));
  for (let one = 0; one < texts.length; one++)
    for (let other = 0; other < one; other++)
      if (similarity[one * texts.length + other]! > alike) {
        const [a, b] = [find(one), find(other)];
        first[Math.max(a, b)] = Math.min(a, b);
      }
  return first.map((_, at) => find(at));
}
