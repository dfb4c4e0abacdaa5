import {
  chatCompletionRequest,
  MillraceError,
  type ChatCompletionRequest,
  type FileSearchFilter,
  type FileSearchTool,
  type Filter,
  type ResponseRequest,
} from '@millrace/contracts';

type Retrieval = NonNullable<NonNullable<ChatCompletionRequest['millrace']>['retrieval']>;

/** How documents are looked up for a response: as its tool `file_search` says, and not at all without it. */
export function documentSearch({ tools, tool_choice }: ResponseRequest): Retrieval {
  const all = tools ?? [];
  const at = all.findIndex(({ type }) => type === 'file_search');
  const tool = all[at];
  if (tool?.type !== 'file_search' || tool_choice === 'none') return false;
  const second = all.findIndex(({ type }, index) => type === 'file_search' && index > at);
  if (second >= 0) throw fault(`tools.${second}`, 'one file_search is enough: there is the one store');
  const checked = chatCompletionRequest.shape.millrace.safeParse({ retrieval: optionsOf(tool) });
  if (checked.success) return checked.data?.retrieval ?? {};
  throw fault(`tools.${at}`, checked.error.issues[0]?.message);
}

const fault = (param: string, detail: string | undefined): MillraceError =>
  new MillraceError('invalid_request', { param, detail });

function optionsOf({ max_num_results, filters, ranking_options }: FileSearchTool): object {
  const { hybrid_search: hybrid } = ranking_options ?? {};
  return {
    ...(typeof max_num_results === 'number' && { top_k: max_num_results }),
    ...(filters && { filter: filterOf(filters) }),
    ...(hybrid && { weights: { dense: hybrid.embedding_weight, sparse: hybrid.text_weight } }),
  };
}

function filterOf(given: FileSearchFilter): Filter {
  switch (given.type) {
    case 'and':
      return { $and: given.filters.map(filterOf) };
    case 'or':
      return { $or: given.filters.map(filterOf) };
    case 'eq':
      return { [given.key]: given.value };
    case 'ne':
      return { $not: { [given.key]: given.value } };
    case 'in':
      return { [given.key]: { any: given.value } };
    case 'nin':
      return { $not: { [given.key]: { any: given.value } } };
    default:
      return { [given.key]: { [given.type]: given.value } };
  }
}
