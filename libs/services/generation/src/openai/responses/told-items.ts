import type { FileCitation, OutputItem, ResponseEvent } from '@millrace/contracts';

type Unnumbered<E> = E extends unknown ? Omit<E, 'sequence_number'> : never;
/** An event before it gets its number, which it does when it leaves. */
export type Telling = Unnumbered<ResponseEvent>;

export type ItemOf<T extends OutputItem['type']> = Extract<OutputItem, { type: T }>;
type ItemStatus = ItemOf<'message'>['status'];

type Part = ItemOf<'message'>['content'][number] | ItemOf<'reasoning'>['content'][number];

/** An item of the output while it is told: opened by its first text, closed with the answer. */
export interface ToldItem {
  /** As far as it is told. */
  shown(status: ItemStatus): OutputItem;
  close(status: ItemStatus): Iterable<Telling>;
}

/** A message, or reasoning: its parts in the order in which they began. */
export class PartedItem implements ToldItem {
  private readonly parts: Part[] = [];
  private readonly id: string;

  constructor(
    private readonly type: 'message' | 'reasoning',
    requestId: string,
    private readonly at: number,
  ) {
    this.id = `${type === 'message' ? 'msg' : 'rs'}_${requestId}_${at}`;
  }

  *add(type: Part['type'], delta: string): Iterable<Telling> {
    if (this.parts.length === 0) yield added(this.at, this.shown('in_progress'));
    let part = this.parts.find((one) => one.type === type);
    if (!part) {
      this.parts.push((part = emptyPart(type)));
      yield { type: 'response.content_part.added', ...this.place(part), part: { ...part } };
    }
    if (part.type === 'refusal') part.refusal += delta;
    else part.text += delta;
    yield deltaOf(part, this.place(part), delta);
  }

  *cite(annotation: FileCitation): Iterable<Telling> {
    const part = this.parts.find((one) => one.type === 'output_text');
    if (!part) return;
    const annotation_index = part.annotations.length;
    part.annotations = [...part.annotations, annotation];
    const place = { ...this.place(part), annotation_index };
    yield { type: 'response.output_text.annotation.added', ...place, annotation };
  }

  *close(status: ItemStatus): Iterable<Telling> {
    for (const part of this.parts) {
      yield doneOf(part, this.place(part));
      yield { type: 'response.content_part.done', ...this.place(part), part: { ...part } };
    }
    yield done(this.at, this.shown(status));
  }

  shown(status: ItemStatus): OutputItem {
    const { id, type } = this;
    const content = this.parts.map((part) => ({ ...part }));
    return type === 'message'
      ? { type, id, role: 'assistant', status, content: content as ItemOf<'message'>['content'] }
      : { type, id, summary: [], status, content: content as ItemOf<'reasoning'>['content'] };
  }

  private place(part: Part) {
    return { item_id: this.id, output_index: this.at, content_index: this.parts.indexOf(part) };
  }
}

const emptyPart = (type: Part['type']): Part => {
  if (type === 'output_text') return { type, text: '', annotations: [], logprobs: [] };
  return type === 'refusal' ? { type, refusal: '' } : { type, text: '' };
};

type Place = { item_id: string; output_index: number; content_index: number };

function deltaOf({ type }: Part, place: Place, delta: string): Telling {
  if (type === 'output_text') return { type: 'response.output_text.delta', ...place, delta, logprobs: [] };
  if (type === 'refusal') return { type: 'response.refusal.delta', ...place, delta };
  return { type: 'response.reasoning_text.delta', ...place, delta };
}

function doneOf(part: Part, place: Place): Telling {
  if (part.type === 'refusal') return { type: 'response.refusal.done', ...place, refusal: part.refusal };
  const { text } = part;
  if (part.type === 'output_text') return { type: 'response.output_text.done', ...place, text, logprobs: [] };
  return { type: 'response.reasoning_text.done', ...place, text };
}

/** A call of a function: its name at once, its arguments as they come. */
export class CallItem implements ToldItem {
  private arguments = '';
  private readonly id: string;

  constructor(
    private readonly called: { readonly id: string; readonly name: string },
    requestId: string,
    private readonly at: number,
  ) {
    this.id = `fc_${requestId}_${at}`;
  }

  *open(): Iterable<Telling> {
    yield added(this.at, this.shown('in_progress'));
  }

  *add(delta: string): Iterable<Telling> {
    this.arguments += delta;
    yield { type: 'response.function_call_arguments.delta', ...this.place, delta };
  }

  *close(status: ItemStatus): Iterable<Telling> {
    const told = { name: this.called.name, arguments: this.arguments };
    yield { type: 'response.function_call_arguments.done', ...this.place, ...told };
    yield done(this.at, this.shown(status));
  }

  shown(status: ItemStatus): OutputItem {
    const { id: call_id, name } = this.called;
    return { type: 'function_call', id: this.id, call_id, name, arguments: this.arguments, status };
  }

  private get place() {
    return { item_id: this.id, output_index: this.at };
  }
}

export function added(output_index: number, item: OutputItem): Telling {
  return { type: 'response.output_item.added', output_index, item };
}

export function done(output_index: number, item: OutputItem): Telling {
  return { type: 'response.output_item.done', output_index, item };
}
