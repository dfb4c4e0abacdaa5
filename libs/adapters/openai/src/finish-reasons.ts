import { MillraceError } from '@millrace/contracts';
import type { FinishReason } from '@millrace/ports';

/** OpenAI's, and what compatible servers and proxies say for them. */
const reasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  content_filter: 'content_filter',
  safety: 'content_filter',
  tool_calls: 'tool_calls',
  tool_use: 'tool_calls',
  function_call: 'tool_calls',
};

const longestShown = 50;

/**
 * Why an answer ended. Throws `backend_error` for whatever else a back end says (`error`, `abort`, ...): such an answer is
 * not known to be whole.
 */
export function finishReasonOf(said: string): FinishReason {
  const known = Object.hasOwn(reasons, said.toLowerCase()) ? reasons[said.toLowerCase()] : undefined;
  if (known) return known;
  const shown = JSON.stringify(said.slice(0, longestShown));
  throw new MillraceError('backend_error', { detail: `it ended the answer for the reason ${shown}` });
}
