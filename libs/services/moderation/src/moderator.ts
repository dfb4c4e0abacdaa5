import { Inject, Injectable } from '@nestjs/common';
import {
  calls,
  MillraceError,
  moderationCategoryNames as categories,
  routes,
  type CallInput,
  type CallOutput,
  type StatedPolicy,
} from '@millrace/contracts';
import { HandleCall, HandleRoute, type HandlerContext, type RouteRequest } from '@millrace/platform';
import type { CategoryScore } from '@millrace/ports';
import { v7 as uuid } from 'uuid';
import { Classification, type ClassifiedText } from './classification.ts';
import { moderating } from './engine/moderate.ts';
import { inTurns } from './engine/turns.ts';
import { judgedFindings } from './judged-findings.ts';
import { KnownPolicies } from './known-policies.ts';
import { detectors } from './rules/index.ts';

/** The name under which answers say which policy was applied; changes with the rules and the classifier. */
const model = 'millrace-moderation-2';

/** Texts against the policy of their tenant, for the other services and for callers. Holds no state but the policies. */
@Injectable()
export class Moderator {
  /** A category that nothing looks for is never found, and says so: it applies to no input. */
  private readonly appliedInputTypes: Readonly<Record<string, 'text'[]>>;

  constructor(
    @Inject(Classification) private readonly classification: Classification,
    @Inject(KnownPolicies) private readonly policies: KnownPolicies,
  ) {
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
    const policy = input.policy ?? (await this.policies.of(input.tenant));
    const { read, ...decided } = await inTurns(moderating(detectors, { ...input, policy }), signal);
    const verdict = { ...decided, policy };
    if (verdict.action === 'block' || input.direction === 'document') return verdict;
    const { due, rest } = dueOf((input.unclassified ?? '') + read, input.final, this.classification.maxChars);
    const scores = await this.scoresOf({ text: due, inChat: true }, policy, signal);
    const judged = judgedFindings(scores, input, policy.policy);
    const findings = [...verdict.findings, ...judged];
    if (judged.some(({ action }) => action === 'block'))
      return { ...verdict, action: 'block', text: '', holdFrom: 0, redactions: [], findings };
    return { ...verdict, findings, next: { ...verdict.next, unclassified: rest } };
  }

  @HandleRoute(routes.moderations)
  async classify(request: RouteRequest<typeof routes.moderations>): Promise<unknown> {
    const { body, principal, signal, setHeader } = request;
    const policy = await this.policies.of(principal.tenant);
    setHeader('x-millrace-moderation-policy', policy.version);
    const results = [];
    for (const text of textsOf(body.input)) results.push(await this.resultOf(text, policy, signal));
    return { id: `modr-${uuid()}`, model, results };
  }

  /** What is found, whatever the policy does about it: of the default one each category is looked for. */
  private async resultOf(text: string, policy: StatedPolicy, signal: AbortSignal) {
    const input = { direction: 'input', preceding: '', text, encoding: 'text', final: true } as const;
    const { findings, read } = await inTurns(moderating(detectors, input), signal);
    const judged = await this.scoresOf({ text: read, inChat: false }, policy, signal);
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

  private async scoresOf(
    classified: ClassifiedText,
    { policy }: StatedPolicy,
    signal: AbortSignal,
  ): Promise<readonly CategoryScore[]> {
    if (classified.text === '') return [];
    return this.classification.of({ ...classified, onFailure: policy.on_failure }, signal);
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
