import type { ChatCompletionRequest } from '@millrace/contracts';
import type { Capability, TextToContinue } from '@millrace/ports';

/** What a request asks for beyond an answer in words. */
export function needsOf(request: ChatCompletionRequest, text?: TextToContinue): Set<Capability> {
  const { tools, response_format: format, messages } = request;
  const needs = new Set<Capability>();
  if (Array.isArray(tools) && tools.length > 0) needs.add('tools');
  const { type } = (format ?? {}) as { type?: unknown };
  if (type === 'json_schema' || type === 'json_object') needs.add('json');
  if (messages.some(({ content }) => Array.isArray(content) && content.some(isPicture))) needs.add('vision');
  if (text) needs.add('completions');
  if (text?.suffix !== undefined) needs.add('suffix');
  return needs;
}

const isPicture = (part: unknown): boolean => (part as { type?: unknown } | null)?.type === 'image_url';
