import type { ChatCompletionRequest } from '@millrace/contracts';
import type { SettingsOf } from '@millrace/platform';
import type { generationSettings } from '../generation-settings.ts';

type Mode = SettingsOf<typeof generationSettings>['answerCache'];

/**
 * Whether an answer to it may be told again. Not where what it says leads to acts (tools), nor where it rests on what may
 * be another thing by then: pictures and files behind a URL, a search of the web.
 */
export function mayBeKept(request: ChatCompletionRequest, byModel: boolean, mode: Mode): boolean {
  if (mode === 'off') return false;
  const isDeterministic = !byModel || request.temperature === 0;
  return (mode === 'always' || isDeterministic) && !callsTools(request) && restsOnWordsAlone(request);
}

const callsTools = ({ tools }: ChatCompletionRequest): boolean =>
  tools !== undefined && tools !== null && !(Array.isArray(tools) && tools.length === 0);

const restsOnWordsAlone = ({ messages, web_search_options: web }: ChatCompletionRequest): boolean =>
  (web === undefined || web === null) &&
  messages.every(
    ({ content }) =>
      !Array.isArray(content) || content.every(({ type }) => type === 'text' || type === 'refusal'),
  );
