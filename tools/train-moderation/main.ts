// `npm run train-moderation`: trains the classifier of moderation from ../shared/data, writes its weights and its card.
import { writeFile } from 'node:fs/promises';
import { writeWeights } from '@millrace/adapters/linear-classifier';
import { needsSharedData } from '../bench/shared-data.ts';
import { cardOf } from './card.ts';
import { crossValidated } from './cross-validation.ts';
import { readExamples } from './examples.ts';
import { moderationSet } from './moderation-set.ts';
import { train } from './train.ts';
import { variants } from './variants.ts';

const weightsFile = 'libs/adapters/linear-classifier/weights/moderation.json';
const cardFile = 'docs/moderation-model.md';

const missing = needsSharedData(moderationSet);
if (missing) {
  console.log(`NOT RUN: ${missing}`);
  process.exitCode = 1;
} else await run();

async function run(): Promise<void> {
  const note = (text: string): void => console.error(`  ${text}`);
  note('the vectors of all texts');
  const examples = await readExamples();
  note('the model that ships');
  const weights = train(examples);
  const file = `${JSON.stringify(writeWeights(weights), null, 1)}\n`;
  await writeFile(weightsFile, file);
  note('what it is good for: cross-validation');
  const verdicts = crossValidated(
    examples,
    variants.map(({ parts }) => parts),
    note,
  );
  await writeFile(cardFile, cardOf({ examples, weights, bytes: file.length, verdicts }));
  console.log(`Written: ${weightsFile}, ${cardFile}`);
}
