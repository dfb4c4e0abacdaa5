import { Inject, Injectable } from '@nestjs/common';
import {
  calls,
  MillraceError,
  routes,
  type CallInput,
  type CallOutput,
  type ModerationFinding,
} from '@millrace/contracts';
import { HandleCall, HandleRoute, type HandlerContext, type RouteRequest } from '@millrace/platform';
import type { CategoryScore } from '@millrace/ports';
import { v7 as uuid } from 'uuid';
import { Classification } from './classification.ts';
import { moderating } from './engine/moderate.ts';
import { inTurns } from './engine/turns.ts';
import { categories } from './policy.ts';
import { detectors } from './rules/index.ts';

/** The name under which answers say which policy was applied; changes with the rules and the classifier. */
const model = 'millrace-moderation-2';

/** Texts against the moderation policy, for the other services and for callers. Holds no state. */
@Injectable()
export class Moderator {
  /** A category that nothing looks for is never found, and says so: it applies to no input. */
  private readonly appliedInputTypes: Readonly<Record<string, 'text'[]>>;

  constructor(@Inject(Classification) private readonly classification: Classification) {
    const lookedFor = new Set([...detectors.map(({ category }) => category), ...classification.categories]);
    this.appliedInputTypes = Object.fromEntries(
      categories.map((name) => [name, lookedFor.has(name) ? ['text'] : []]),
    );
  }

  @HandleCall(calls.moderate)
  async moderate(
    input: CallInput<typeof calls.moderate>,
    { signal }: Pick<HandlerContext, 'signal'>,
  ): Promise<CallOutput<typeof calls.moderate>> {
    const { read, ...verdict } = await inTurns(moderating(detectors, input), signal);
    if (verdict.action === 'block') return verdict;
    const { due, rest } = dueOf((input.unclassified ?? '') + read, input.final, this.classification.maxChars);
    const scores = due === '' ? [] : await this.classification.of({ text: due, inChat: true }, signal);
    return {
      ...verdict,
      findings: [...verdict.findings, ...flagsOf(scores, input.text.length)],
      next: { ...verdict.next, unclassified: rest },
    };
  }

  @HandleRoute(routes.moderations)
  async classify({ body, principal, signal }: RouteRequest<typeof routes.moderations>): Promise<unknown> {
    const results = [];
    for (const text of textsOf(body.input)) results.push(await this.resultOf(principal.tenant, text, signal));
    return { id: `modr-${uuid()}`, model, results };
  }

  private async resultOf(tenant: string, text: string, signal: AbortSignal) {
    const input = calls.moderate.input.parse({ tenant, direction: 'input', text });
    const { findings, read } = await inTurns(moderating(detectors, input), signal);
    const judged = read === '' ? [] : await this.classification.of({ text: read, inChat: false }, signal);
    const found = new Set(
      [...findings, ...judged.filter((each) => each.found)].map(({ category }) => category),
    );
    const best = new Map<string, number>();
    for (const { category, score } of [...findings, ...judged])
      best.set(category, Math.max(score, best.get(category) ?? 0));
    return {
      flagged: found.size > 0,
      categories: Object.fromEntries(categories.map((category) => [category, found.has(category)])),
      category_scores: Object.fromEntries(categories.map((category) => [category, best.get(category) ?? 0])),
      category_applied_input_types: this.appliedInputTypes,
    };
  }
}

/** Of a stream, so much at a time as the classifier reads at once: it comes out the same however it was cut. */
function dueOf(
  text: string,
  final: boolean,
  maxChars: number,
): { readonly due: string; readonly rest: string } {
  if (final) return { due: text, rest: '' };
  const whole = text.length - (text.length % maxChars);
  return { due: text.slice(0, whole), rest: text.slice(whole) };
}

/** What the classifier finds is of the text as a whole, and flagged alone: it is wrong too often to block for. */
const flagsOf = (scores: readonly CategoryScore[], end: number): ModerationFinding[] =>
  scores
    .filter(({ found }) => found)
    .map(({ category, score }) => ({ category, score, action: 'flag', start: 0, end }));

type Input = RouteRequest<typeof routes.moderations>['body']['input'];

/** Every text for itself; parts together are one. */
function textsOf(input: Input): string[] {
  if (typeof input === 'string') return [input];
  if (input.every((item) => typeof item === 'string')) return input;
  return [input.map(textOf).join('\n')];
}

function textOf(part: Exclude<Input, string>[number], index: number): string {
  if (typeof part === 'string') return part;
  if (part.type === 'text') return part.text;
  throw new MillraceError('unsupported_parameter', {
    param: `input.${index}`,
    detail: 'only text is moderated',
  });
}
