import type { ChatCompletionChunk } from '@millrace/contracts';
import type { LeakChannel } from './leak-case.ts';
import { tools } from './scripted-model.ts';

/** What left of an answer. */
export interface HeardAnswer {
  readonly requestId: string;
  readonly said: Readonly<Record<LeakChannel, string>>;
  /** The finish reason, or the code of an error. */
  readonly end: string | undefined;
}

interface Delta {
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly { readonly function: { readonly arguments: string } }[];
}

/** Asks a Millrace and hears the answer to its end, as a stream. */
export async function hear(url: string, question: string): Promise<HeardAnswer> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ stream: true, millrace: { retrieval: false }, tools },
      messages: [{ role: 'user', content: question }],
    }),
  });
  const said = { content: '', reasoning: '', tool: '' };
  let end: string | undefined;
  let requestId = '';
  for (const [, data] of (await response.text()).matchAll(/^data: (.*)$/gm)) {
    if (data === '[DONE]') continue;
    const frame = JSON.parse(data!) as ChatCompletionChunk & { error?: { code: string } };
    if (frame.error) return { requestId, said, end: frame.error.code };
    const [choice] = frame.choices;
    const delta = choice?.delta as Delta | undefined;
    requestId ||= frame.id.replace('chatcmpl-', '');
    said.content += delta?.content ?? '';
    said.reasoning += delta?.reasoning_content ?? '';
    for (const call of delta?.tool_calls ?? []) said.tool += call.function.arguments;
    end = choice?.finish_reason ?? end;
  }
  return { requestId, said, end };
}
