import { MillraceError, type ChatCompletionRequest, type ResponseRequest } from '@millrace/contracts';
import type { Asked } from '../../answers/asked.ts';
import { questionIn } from '../../lookup/message-text.ts';
import { isUsual } from '../../model/model-answerer.ts';
import { documentSearch } from './document-search.ts';
import { inputMessages } from './input-messages.ts';

const keptNothing = 'no response is stored: send the earlier items again in input';

/** What is refused by its name, with what to do. */
const refused: Partial<Record<keyof ResponseRequest, string>> = {
  background: 'an answer is given to who waits for it: leave it out, and stream',
  context_management: 'leave items of the input out yourself',
  conversation: keptNothing,
  max_tool_calls: 'file_search looks up once, and functions are yours to call',
  moderation: 'the policy of the tenant holds',
  previous_response_id: keptNothing,
  prompt: 'no prompts are stored: send the text in instructions and input',
  prompt_cache_options: 'leave it out, or send prompt_cache_key',
  prompt_cache_retention: 'leave it out, or send prompt_cache_key',
  top_logprobs: 'tokens cannot be moderated one by one',
};

/** The fields of a request for a response, by those of the chat that it is asked as. */
export const responseFields = {
  messages: 'input',
  response_format: 'text.format',
  max_completion_tokens: 'max_output_tokens',
};

/** How a response is asked for: as the chat that it is to the language model. */
export function responseQuestion(asked: ResponseRequest): Pick<Asked, 'request' | 'showing'> {
  const param = (Object.keys(refused) as (keyof ResponseRequest)[]).find((name) => !isUsual(asked[name]));
  if (param !== undefined)
    throw new MillraceError('unsupported_parameter', { param, detail: refused[param] });
  const retrieval = documentSearch(asked);
  const messages = inputMessages(asked);
  if (messages.length === 0) throw saysNothing('it has neither messages nor outputs of functions');
  if (retrieval !== false && questionIn(messages) === '')
    throw saysNothing('the user says nothing in words; to ask without documents leave file_search out');
  const { text, reasoning, max_output_tokens } = asked;
  const request: ChatCompletionRequest = {
    ...(asked.model !== undefined && { model: asked.model }),
    messages,
    ...present({
      ...passedOn(asked),
      max_completion_tokens: max_output_tokens,
      reasoning_effort: reasoning?.effort,
      verbosity: text?.verbosity,
      response_format: formatOf(text),
    }),
    ...toolsOf(asked),
    millrace: { retrieval },
  };
  return { request, showing: { passages: (asked.include ?? []).length > 0 } };
}

const saysNothing = (detail: string): MillraceError =>
  new MillraceError('invalid_request', { param: 'input', detail });

const passedOn = ({
  temperature,
  top_p,
  user,
  safety_identifier,
  prompt_cache_key,
  service_tier,
}: ResponseRequest) => ({ temperature, top_p, user, safety_identifier, prompt_cache_key, service_tier });

const present = (fields: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));

function formatOf(text: ResponseRequest['text']): object | undefined {
  const format = text?.format;
  if (!format || format.type === 'text') return undefined;
  const { type, ...schema } = format;
  return type === 'json_schema' ? { type, json_schema: present(schema) } : { type };
}

/** Functions are the model's to call; documents were looked up before it is asked. */
function toolsOf({ tools, tool_choice: choice, parallel_tool_calls }: ResponseRequest): object {
  const functions = (tools ?? []).flatMap((tool) => {
    if (tool.type !== 'function') return [];
    const { type, ...described } = tool;
    return [{ type, function: present(described) }];
  });
  if (functions.length === 0) return {};
  const named = typeof choice === 'object' && choice?.type === 'function' ? choice.name : undefined;
  return {
    tools: functions,
    ...present({
      tool_choice:
        named === undefined ? (typeof choice === 'string' ? choice : undefined) : functionOf(named),
      parallel_tool_calls,
    }),
  };
}

const functionOf = (name: string) => ({ type: 'function', function: { name } });
