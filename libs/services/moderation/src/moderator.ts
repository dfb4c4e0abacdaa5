import { Injectable } from '@nestjs/common';
import { calls, MillraceError, routes, type CallInput, type CallOutput } from '@millrace/contracts';
import { HandleCall, HandleRoute, type HandlerContext, type RouteRequest } from '@millrace/platform';
import { v7 as uuid } from 'uuid';
import { moderating } from './engine/moderate.ts';
import { inTurns } from './engine/turns.ts';
import { categories } from './policy.ts';
import { detectors } from './rules/index.ts';

/** The name under which answers say which policy was applied; changes with the rules. */
const model = 'millrace-moderation-1';

/** A category that nothing looks for is never found, and says so: it applies to no input. */
const appliedInputTypes = Object.fromEntries(
  categories.map((name) => [name, detectors.some(({ category }) => category === name) ? ['text'] : []]),
);

/** Texts against the moderation policy, for the other services and for callers. Holds no state. */
@Injectable()
export class Moderator {
  @HandleCall(calls.moderate)
  async moderate(
    input: CallInput<typeof calls.moderate>,
    { signal }: Pick<HandlerContext, 'signal'>,
  ): Promise<CallOutput<typeof calls.moderate>> {
    return inTurns(moderating(detectors, input), signal);
  }

  @HandleRoute(routes.moderations)
  async classify({ body, principal, signal }: RouteRequest<typeof routes.moderations>): Promise<unknown> {
    const results = [];
    for (const text of textsOf(body.input)) results.push(await scores(principal.tenant, text, signal));
    return { id: `modr-${uuid()}`, model, results };
  }
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

async function scores(tenant: string, text: string, signal: AbortSignal) {
  const input = { tenant, direction: 'input', preceding: '', text, encoding: 'text', final: true } as const;
  const { findings } = await inTurns(moderating(detectors, input), signal);
  const best = new Map<string, number>();
  for (const { category, score } of findings) best.set(category, Math.max(score, best.get(category) ?? 0));
  return {
    flagged: findings.length > 0,
    categories: Object.fromEntries(categories.map((category) => [category, best.has(category)])),
    category_scores: Object.fromEntries(categories.map((category) => [category, best.get(category) ?? 0])),
    category_applied_input_types: appliedInputTypes,
  };
}
