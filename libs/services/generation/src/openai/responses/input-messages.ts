import {
  MillraceError,
  type ChatCompletionRequest,
  type ResponseInputItem,
  type ResponseInputPart,
  type ResponseRequest,
} from '@millrace/contracts';

type Message = ChatCompletionRequest['messages'][number];
type Content = Message['content'];
interface AssistantTurn extends Message {
  tool_calls?: object[];
}

/** The conversation that a request for a response has in its items. */
export function inputMessages({ instructions, input }: ResponseRequest): Message[] {
  const messages: Message[] = instructions ? [{ role: 'system', content: instructions }] : [];
  if (typeof input === 'string') return [...messages, { role: 'user', content: input }];
  for (const [at, item] of input.entries()) addItem(messages, item, `input.${at}`);
  return messages;
}

function addItem(messages: Message[], item: ResponseInputItem, param: string): void {
  switch (item.type ?? 'message') {
    case 'message':
      messages.push({
        role: needed(item.role, `${param}.role`),
        content: contentOf(needed(item.content, `${param}.content`), `${param}.content`),
      });
      return;
    case 'function_call':
      callsOf(messages).push({
        id: needed(item.call_id, `${param}.call_id`),
        type: 'function',
        function: {
          name: needed(item.name, `${param}.name`),
          arguments: needed(item.arguments, `${param}.arguments`),
        },
      });
      return;
    case 'function_call_output':
      messages.push({
        role: 'tool',
        tool_call_id: needed(item.call_id, `${param}.call_id`),
        content: contentOf(needed(item.output, `${param}.output`), `${param}.output`),
      });
      return;
    // Of an earlier answer: what they led to stands in its message.
    case 'reasoning':
    case 'file_search_call':
      return;
    case 'item_reference':
      throw unsupported(`${param}.type`, 'nothing is stored to refer to: send the item itself');
    default:
      throw unsupported(
        `${param}.type`,
        'items are messages, function calls and their outputs: leave this one out',
      );
  }
}

/** Calls belong to the turn in which they were made. */
function callsOf(messages: Message[]): object[] {
  let last: AssistantTurn | undefined = messages.at(-1);
  if (last?.role !== 'assistant') messages.push((last = { role: 'assistant', content: null }));
  return (last.tool_calls ??= []);
}

function contentOf(given: string | readonly ResponseInputPart[], param: string): Content {
  if (typeof given === 'string') return given;
  const parts = given.map((part, at) => partOf(part, `${param}.${at}`));
  // Not every server takes a list where a text will do.
  const [only, ...more] = parts;
  return only?.type === 'text' && more.length === 0 ? only.text! : parts;
}

function partOf(part: ResponseInputPart, param: string): { type: string; text?: string } {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
      return { type: 'text', text: needed(part.text, `${param}.text`) };
    case 'refusal':
      return { type: 'refusal', ...{ refusal: part['refusal'] } };
    case 'input_image':
      return pictureOf(part, param);
    default:
      throw unsupported(`${param}.type`, 'parts are input_text, input_image, output_text and refusal');
  }
}

function pictureOf({ image_url: url, detail }: ResponseInputPart, param: string) {
  if (typeof url !== 'string')
    throw unsupported(
      `${param}.file_id`,
      'files of pictures are not kept: send it in image_url, as a data URL',
    );
  return { type: 'image_url', image_url: { url, ...(typeof detail === 'string' && { detail }) } };
}

function needed<T>(value: T | null | undefined, param: string): T {
  if (value === null || value === undefined)
    throw new MillraceError('invalid_request', { param, detail: 'it is missing' });
  return value;
}

const unsupported = (param: string, detail: string): MillraceError =>
  new MillraceError('unsupported_parameter', { param, detail });
