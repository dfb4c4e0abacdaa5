import type { FinishReason } from '@millrace/ports';
import type { AnswerPart, Channel, StartPart, TextPart, ToolPart, Usage } from '../answers/answer-part.ts';
import { CitationFilter } from './citations.ts';
import { HeldText, type Moderate } from './held-text.ts';

export interface ReleaseOptions {
  readonly tenant: string;
  readonly moderate: Moderate;
  /** The numbers that may stand in citations; undefined: brackets stay as they are. */
  readonly citable: ReadonlySet<number> | undefined;
  /** Characters of all channels together. */
  readonly maxChars: number;
}

type Leaving = StartPart | TextPart | ToolPart;

export interface ReleasedParts {
  readonly parts: readonly Leaving[];
  /** Set when nothing more follows. `usage` as the back end gave it, if it came so far. */
  readonly end?: { readonly reason: FinishReason; readonly usage?: Usage | undefined };
}

/**
 * What may leave of an answer: citations checked first, moderation last, every channel for itself, up to the limit. The
 * start leaves with the first thing said, so that what fails before it is an error and not half an answer.
 */
export class AnswerRelease {
  private readonly held = new Map<Channel, HeldText>();
  private readonly filter: CitationFilter | undefined;
  private left: number;
  private start: StartPart | undefined;

  constructor(private readonly options: ReleaseOptions) {
    const { citable, maxChars } = options;
    this.left = maxChars;
    if (citable) this.filter = new CitationFilter(citable);
  }

  /** Numbers of citations that named no source. */
  get removedCitations(): number {
    return this.filter?.removed ?? 0;
  }

  async pass(batch: readonly AnswerPart[]): Promise<ReleasedParts> {
    const parts: Leaving[] = [];
    const end = await this.takeIn(batch, parts);
    const { start } = this;
    if (!start || (parts.length === 0 && !end)) return { parts, ...(end && { end }) };
    this.start = undefined;
    return { parts: [start, ...parts], ...(end && { end }) };
  }

  private async takeIn(batch: readonly AnswerPart[], parts: Leaving[]): Promise<ReleasedParts['end']> {
    for (const part of joined(batch)) {
      if (part.type === 'start') this.start = part;
      else if (part.type === 'tool') parts.push(part);
      else {
        const reason = part.type === 'text' ? await this.push(part, parts) : await this.flush(parts);
        if (reason) return { reason };
        if (part.type === 'end') return part;
      }
    }
    return undefined;
  }

  private push({ channel, text }: TextPart, parts: Leaving[]): Promise<FinishReason | undefined> {
    const checked = channel === 'content' && this.filter ? this.filter.push(text, false) : text;
    return this.release(channel, checked, false, parts);
  }

  private async flush(parts: Leaving[]): Promise<FinishReason | undefined> {
    const rest = this.filter?.push('', true) ?? '';
    if (rest !== '') this.of('content');
    for (const channel of this.held.keys()) {
      const end = await this.release(channel, channel === 'content' ? rest : '', true, parts);
      if (end) return end;
    }
    return undefined;
  }

  private async release(
    channel: Channel,
    given: string,
    final: boolean,
    parts: Leaving[],
  ): Promise<FinishReason | undefined> {
    const { text, blocked } = await this.of(channel).push(given, final);
    const fitting = text.slice(0, this.left);
    this.left -= fitting.length;
    if (fitting !== '') parts.push({ type: 'text', channel, text: fitting });
    if (blocked) return 'content_filter';
    return fitting.length < text.length ? 'length' : undefined;
  }

  private of(channel: Channel): HeldText {
    let held = this.held.get(channel);
    if (!held) {
      const encoding = channel.startsWith('tool:') ? 'json' : 'text';
      held = new HeldText(this.options.tenant, this.options.moderate, encoding);
      this.held.set(channel, held);
    }
    return held;
  }
}

/** Texts of one channel that follow one another as one. */
function joined(batch: readonly AnswerPart[]): AnswerPart[] {
  const parts: AnswerPart[] = [];
  for (const part of batch) {
    const last = parts.at(-1);
    if (part.type === 'text' && last?.type === 'text' && last.channel === part.channel)
      parts[parts.length - 1] = { ...last, text: last.text + part.text };
    else parts.push(part);
  }
  return parts;
}
