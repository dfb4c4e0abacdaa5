import type { ChatMessage } from '@millrace/ports';
import { estimateTokens, type Usage } from '../answers/answer-part.ts';
import type { Routed } from '../traffic/traffic.ts';

export interface Aside {
  readonly prompt: string;
  /** When it says more it is stopped. */
  readonly mostChars: number;
  /** Told once, whatever becomes of it: it costs as well when it is late. */
  readonly onUsage: (usage: Usage) => void;
}

/**
 * What a language model says to something that is asked of it beside the answer; longer than `mostChars` where it was stopped.
 * No parameters are sent, because models refuse different ones.
 */
export async function saidByModel(
  routed: Routed,
  { prompt, mostChars, onUsage }: Aside,
  signal: AbortSignal,
): Promise<string> {
  const messages: ChatMessage[] = [{ role: 'user', content: prompt }];
  let said = '';
  let counted: Omit<Usage, 'estimated'> | undefined;
  try {
    for await (const part of routed.generate({ messages, parameters: {} }, signal)) {
      if (part.type === 'delta' && part.choice === 0) said += part.delta.content ?? '';
      if (part.type === 'end') counted = part.usage;
      if (said.length > mostChars) break;
    }
    return said;
  } finally {
    const estimate = {
      promptTokens: estimateTokens(prompt.length),
      completionTokens: estimateTokens(said.length),
    };
    onUsage({ ...(counted ?? estimate), estimated: counted === undefined });
  }
}
