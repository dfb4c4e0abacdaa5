import { rarePatterns } from '../engine/rare-patterns.ts';
import {
  override,
  embedded,
  encoded,
  exfiltration,
  extraction,
  forgedTurns,
  persona,
} from './injection-phrases.ts';

/** What is said to make a model leave what it was told, tell it, or send it elsewhere. */
export const injections = rarePatterns('prompt-injection', 0.7, [
  ...override,
  ...persona,
  ...extraction,
  ...exfiltration,
  ...encoded,
  forgedTurns,
]);

/** In a document somebody speaks to the model that reads it, in place of to a reader: how to answer is not for it to say. */
export const embeddedInstructions = rarePatterns('prompt-injection/embedded', 0.6, embedded);
