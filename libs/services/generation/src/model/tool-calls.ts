import { MillraceError } from '@millrace/contracts';
import { v4 as uuid } from 'uuid';
import type { AnswerPart } from '../answers/answer-part.ts';

/** OpenAI's: the first delta of a call has its id and name, further ones more of its arguments. Some servers repeat them. */
export interface ToolCallDelta {
  readonly index?: number;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: string | null } | null;
}

/**
 * The tool calls of one answer. What leaves of a call before it is moderated is not the model's own: the name is one of
 * those that the caller gave, and the id one that is made here.
 */
export class ToolCalls {
  private readonly offered: ReadonlySet<string>;
  /** The back end's id of each call that began, by its index. */
  private readonly begun = new Map<number, string>();

  /** @param tools as the request has them */
  constructor(tools: unknown) {
    this.offered = new Set(namesIn(tools));
  }

  /** Throws `backend_error` for a call of a tool that was not offered. */
  *partsOf({ index = 0, id, function: called }: ToolCallDelta): Iterable<AnswerPart> {
    if (id && called?.name && this.begun.get(index) !== id) {
      if (!this.offered.has(called.name))
        throw new MillraceError('backend_error', { detail: 'it calls a tool that it was not offered' });
      this.begun.set(index, id);
      yield { type: 'tool', index, id: newId(), name: called.name };
    }
    if (called?.arguments) yield { type: 'text', channel: `tool:${index}`, text: called.arguments };
  }
}

/** Nine letters and digits: Mistral takes no others back in the next request, and the rest take any. */
const newId = (): string => uuid().replaceAll('-', '').slice(0, 9);

function namesIn(tools: unknown): string[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool: { function?: { name?: unknown } } | null) => {
    const name = tool?.function?.name;
    return typeof name === 'string' ? name : [];
  });
}
