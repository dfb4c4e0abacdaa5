/** The frames of a streamed chat completion, as OpenAI writes them. */
export const event = (value: object | string): string =>
  `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;

/** Of the only choice that was asked for. */
export const choice = (fields: object, more: object = {}): string =>
  event({ model: 'mock-1', choices: [{ index: 0, ...fields }], ...more });

export const delta = (content: string): string => choice({ delta: { content } });

/** The same of a text that is continued. */
export const textChoice = (fields: object, more: object = {}): string =>
  event({
    ...{ object: 'text_completion', model: 'mock-1' },
    choices: [{ index: 0, logprobs: null, finish_reason: null, ...fields }],
    ...more,
  });

export const textDelta = (text: string): string => textChoice({ text });

export const textFinish = (reason = 'stop'): string => textChoice({ text: '', finish_reason: reason });

export const role = choice({ delta: { role: 'assistant', content: '' } });

export const finish = (reason = 'stop', more: object = {}): string =>
  choice({ delta: {}, finish_reason: reason }, more);

export const usageOf = (prompt_tokens: number, completion_tokens: number) => ({
  usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
});

export const usage = (promptTokens: number, completionTokens: number): string =>
  event({ choices: [], ...usageOf(promptTokens, completionTokens) });

export const done = event('[DONE]');

export const modelList = (id: string) => ({ object: 'list', data: [{ id, object: 'model' }] });
