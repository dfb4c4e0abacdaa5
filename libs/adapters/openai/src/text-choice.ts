import type { GenerationDelta } from '@millrace/ports';
import {
  checkText,
  isAbsent,
  misshapen,
  type Choice,
  type ChoiceFormat,
  type Fields,
} from './completion-chunk.ts';

function check({ text, delta, message }: Fields): void {
  // Of a chat: what it says would be lost, and its finish reason believed.
  if (isAbsent(text) && !(isAbsent(delta) && isAbsent(message))) throw misshapen('text');
  checkText('text', text);
}

const deltaOf = ({ text }: Choice): GenerationDelta | undefined =>
  text ? { content: text as string } : undefined;

/** As continued texts are streamed. */
export const textChoice: ChoiceFormat = { check, deltaOf };
