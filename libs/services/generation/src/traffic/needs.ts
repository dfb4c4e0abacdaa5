import type { ChatCompletionRequest } from '@millrace/contracts';
import type { Capability } from '@millrace/ports';

/** What a request asks for beyond text. */
export function needsOf(request: ChatCompletionRequest): Set<Capability> {
  const { tools, response_format: format, messages } = request;
  const needs = new Set<Capability>();
  if (Array.isArray(tools) && tools.length > 0) needs.add('tools');
  const { type } = (format ?? {}) as { type?: unknown };
  if (type === 'json_schema' || type === 'json_object') needs.add('json');
  if (messages.some(({ content }) => Array.isArray(content) && content.some(isPicture))) needs.add('vision');
  return needs;
}

const isPicture = (part: unknown): boolean => (part as { type?: unknown } | null)?.type === 'image_url';
