import { Inject, Injectable } from '@nestjs/common';
import {
  calls,
  MillraceError,
  mostMetadataKeys,
  type CallInput,
  type CallOutput,
  type Metadata,
  type ModerationFinding,
} from '@millrace/contracts';
import { Caller, observeCounter } from '@millrace/platform';
import type { ParsedDocument } from '@millrace/ports';
import { redactedDocument, type Redaction } from './redaction.ts';

/** Characters that moderation is given at a time. */
const stretch = 32_768;

/** The key of the metadata under which a document says what was found in it. */
const foundKey = 'millrace.moderation';

/** As it was noted of the version before, whose text it is. */
export const keptFindings = (metadata: Metadata): Metadata =>
  metadata[foundKey] === undefined ? {} : { [foundKey]: metadata[foundKey] };

/** What a document says of itself, and what was found in it: of one that says all it may, that is counted alone. */
export function withFindings(metadata: Metadata, found: Metadata): Metadata {
  const all = { ...metadata, ...found };
  return Object.keys(all).length <= mostMetadataKeys ? all : metadata;
}

interface Moderated {
  readonly read: ParsedDocument;
  /** What was found, for the metadata: empty where nothing was. */
  readonly found: Metadata;
}

type Part = 'shown' | 'hidden';

/** Documents by the policy of their tenant, before they can be found. */
@Injectable()
export class DocumentModeration {
  private readonly counts = new Map<string, { labels: Record<string, string>; count: number }>();

  constructor(@Inject(Caller) private readonly caller: Caller) {
    observeCounter(
      'millrace_moderation_document_findings_total',
      'Documents in which moderation found a category, by the most that was done about it, in what they show or hide.',
      () => [...this.counts.values()].map(({ count, labels }) => [count, labels]),
    );
  }

  /** The document as it may be found. Rejects with `document_blocked`. */
  async of(tenant: string, read: ParsedDocument, signal: AbortSignal): Promise<Moderated> {
    const asked = { tenant, signal };
    const hidden = await this.textOf(asked, read.hidden ?? '', 'hidden');
    const shown = await this.textOf(asked, read.text, 'shown');
    const named = await this.namesOf(asked, redactedDocument(read, shown.redactions));
    const all = [...shown.categories, ...named.categories];
    const categories = [...all, ...[...hidden.categories].map((category) => `${category} (hidden)`)];
    const found = categories.length > 0 ? { [foundKey]: [...new Set(categories)] } : {};
    return { read: named.read, found };
  }

  /** The title and the headings stand beside the text, too. */
  private async namesOf(asked: Asked, read: ParsedDocument) {
    const names = [...new Set([read.title ?? '', ...read.chunks.flatMap(({ headings }) => headings)])];
    const { text, categories, redactions } = await this.textOf(asked, names.join(between), 'shown');
    if (redactions.length === 0) return { read, categories };
    const redacted = text.split(between);
    const nameOf = new Map(names.map((name, at) => [name, redacted[at] ?? '']));
    const title = read.title === undefined ? undefined : nameOf.get(read.title);
    const chunks = read.chunks.map((chunk) => ({
      ...chunk,
      headings: chunk.headings.map((heading) => nameOf.get(heading) ?? ''),
    }));
    return { read: { ...read, title, chunks }, categories };
  }

  private async textOf({ tenant, signal }: Asked, text: string, part: Part) {
    const redactions: Redaction[] = [];
    const findings: ModerationFinding[] = [];
    let released = '';
    let context: Pick<CallInput<typeof calls.moderate>, 'preceding' | 'unflagged' | 'policy'> = {
      preceding: '',
    };
    for (let at = 0; at < text.length;) {
      const piece = text.slice(at, at + stretch);
      const final = at + piece.length === text.length;
      const verdict: CallOutput<typeof calls.moderate> = await this.caller.call(
        calls.moderate,
        { tenant, direction: 'document', ...context, text: piece, final },
        { signal, lane: 'bulk' },
      );
      findings.push(...verdict.findings);
      if (verdict.action === 'block') throw this.blocked(verdict.findings, part);
      redactions.push(...(verdict.redactions ?? []).map((each) => moved(each, at)));
      released += verdict.text;
      const { preceding, unflagged } = verdict.next;
      context = { preceding, unflagged, policy: verdict.policy };
      at = final ? text.length : at + verdict.holdFrom;
    }
    return { text: released, redactions, categories: this.counted(findings, part) };
  }

  private blocked(findings: readonly ModerationFinding[], part: Part): MillraceError {
    const blocking = findings.filter(({ action }) => action === 'block');
    const detail = [...this.counted(blocking, part)].join(', ');
    return new MillraceError('document_blocked', {
      detail: part === 'hidden' ? `${detail}, in what it does not show: comments, invisible text` : detail,
    });
  }

  /** Each category once, with the first that was done about it. */
  private counted(findings: readonly ModerationFinding[], part: Part): ReadonlySet<string> {
    const actions = new Map(findings.map(({ category, action }) => [category, action]));
    for (const [category, action] of actions) {
      const labels = { category, action, part };
      const key = JSON.stringify(labels);
      this.counts.set(key, { labels, count: (this.counts.get(key)?.count ?? 0) + 1 });
    }
    return new Set(actions.keys());
  }
}

interface Asked {
  readonly tenant: string;
  readonly signal: AbortSignal;
}

/** Stands in no name: titles and headings are one line. */
const between = '\n\n';

const moved = ({ start, end, text }: Redaction, by: number): Redaction => ({
  ...{ start: start + by, end: end + by, text },
});
