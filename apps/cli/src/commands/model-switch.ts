import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { routes, settingServesNot, type ModelComparison, type ModelPlanStatus } from '@millrace/contracts';
import type { Command } from 'commander';
import type { Context, Run } from '../context.ts';
import { readJudgements } from './judgement-file.ts';

const everyMs = 1_000;
/** A server that is being restarted is waited for. */
const patienceMs = 300_000;

const examples = `
All documents get vectors of the new model beside those they have, while questions go on being answered by the old one;
then both are compared, and if it is shown that the new one finds as much it serves from one moment to the next. The old one is kept up to
date for a day, to go back to. Stopping this command stops nothing: the same again follows it further.

Examples:
  $ millrace models switch --to bge-small-en-v1.5
  $ millrace models switch --to bge-small-en-v1.5 --hold    prepare and compare; switch with models serve
  $ millrace models switch --to bge-small-en-v1.5 --judgements questions.jsonl
                                                            compare by these as well: {"query": "...", "relevant": ["ID"]}
  $ millrace models plan                                    which serves, and how far the next one is
  $ millrace models serve all-minilm-l6-v2                  back to the one before, at once
  $ millrace models retire all-minilm-l6-v2                 its index goes`;

export function addModelSwitch(models: Command, run: Run): void {
  models
    .command('switch')
    .description('change the embedding model while everything goes on')
    .requiredOption('--to <name>', 'its name in the catalogue')
    .option('--hold', 'do not switch when it is ready: wait for models serve. Stays until --no-hold is said')
    .option('--no-hold', 'switch by itself when it is ready, although it was to wait')
    .option(
      '--judgements <file>',
      'questions with the ids of the documents that answer them, a JSON object a line',
    )
    .option('--detach', 'start it, and do not follow')
    .addHelpText('after', examples)
    .action(
      run(async (context, { to, hold, detach, judgements: file }: SwitchOptions) => {
        const judgements = file === undefined ? undefined : await readJudgements(resolve(context.cwd, file));
        const body = { to, ...(hold !== undefined && { hold }), ...(judgements && { judgements }) };
        const plan = await context.client.call(routes.switchModel, { body });
        return tell(context, detach ? plan : await followed(context, plan, to), detach ? undefined : to);
      }),
    );
  models
    .command('plan')
    .description('which embedding model serves, which is next, which was before')
    .action(run(async (context) => tell(context, await context.client.call(routes.modelPlan, {}))));
  models
    .command('serve')
    .description('switch to the next embedding model when it is ready, or back to the previous one')
    .argument('<name>', 'its name in the catalogue')
    .option('--force', 'although it found less than the one that serves')
    .action(
      run(async (context, model: string, { force = false }: { force?: boolean }) =>
        tell(context, await context.client.call(routes.serveModel, { body: { model, force } })),
      ),
    );
  models
    .command('retire')
    .description('give up the next embedding model, or the way back to the previous one')
    .argument('<name>', 'its name in the catalogue')
    .action(
      run(async (context, model: string) =>
        tell(context, await context.client.call(routes.retireModel, { params: { model } })),
      ),
    );
}

type Next = NonNullable<ModelPlanStatus['next']>;

interface SwitchOptions {
  readonly to: string;
  readonly hold?: boolean;
  readonly judgements?: string;
  readonly detach?: boolean;
}

/** Until it serves, waits to serve, or was refused. */
async function followed(
  { client, output, signal }: Context,
  first: ModelPlanStatus,
  to: string,
): Promise<ModelPlanStatus> {
  let plan = first;
  const bar = output.progress(plan.next?.documents ?? 0);
  for (; isUnderWay(plan, to); plan = await client.call(routes.modelPlan, { patienceMs })) {
    if (plan.next) bar.update(plan.next.looked_at, stepOf(plan.next));
    await sleep(everyMs, undefined, { signal });
  }
  bar.end();
  return plan;
}

const isUnderWay = ({ serving, next }: ModelPlanStatus, to: string): boolean =>
  serving !== to &&
  next?.model === to &&
  (next.phase === 'filling' || (next.phase === 'ready' && !next.hold));

const stepOf = ({ passes, missing, documents, progress }: Next): string =>
  (passes === 0
    ? `of ${documents} documents have been asked for`
    : `of ${documents} documents have been looked at again, ${missing} lacked its vectors`) +
  (progress ? paceOf(progress) : '');

function paceOf({ done, left, per_second, done_at }: NonNullable<Next['progress']>): string {
  const about = done_at === undefined ? '' : `, until about ${done_at.slice(0, 16)}Z`;
  return `; ${done} done, ${left} to go, ${per_second.toFixed(1)} a second${about}`;
}

const behindLine = ({ model, behind }: { readonly model: string; readonly behind: number }): string[] =>
  behind === 0 ? [] : [`${behind} documents that are indexed have yet to follow into the index of ${model}.`];

/** @param hoped the model that was to serve, or to be ready: 1 when it is neither */
function tell({ output }: Context, plan: ModelPlanStatus, hoped?: string): number {
  output.result(plan, () => planLines(plan).join('\n'));
  const { serving, next } = plan;
  return hoped === undefined || serving === hoped || next?.phase === 'ready' ? 0 : 1;
}

function planLines({ serving, next, previous, setting }: ModelPlanStatus): string[] {
  return [
    `${serving} serves.`,
    ...(next ? nextLines(next) : []),
    ...(previous ? [`${previous.model} is kept up to date until ${previous.until}, to go back to.`] : []),
    ...(previous ? behindLine(previous) : []),
    ...(setting === undefined ? [] : [settingServesNot(setting, serving)]),
    ...(previous?.comparison ? [comparisonLine(serving, previous.comparison)] : []),
  ];
}

function nextLines(next: Next): string[] {
  const { model, phase, comparison, hold } = next;
  const lines = {
    filling: `${model} is being prepared: ${next.looked_at} ${stepOf(next)}.`,
    ready: `${model} is ready${hold ? `: millrace models serve ${model}` : ''}.`,
    unproven: `${model} is ready, but ${unproven[next.why ?? 'too_little_to_ask']}: millrace models serve ${model}, or millrace models switch --to ${model} --judgements FILE.`,
    refused: `${model} was refused: ${refusal(next)}`,
  };
  return [
    lines[phase],
    ...(phase === 'filling' ? [] : behindLine(next)),
    ...(comparison ? [comparisonLine(model, comparison)] : []),
  ];
}

function refusal({ model, why, missing }: Next): string {
  if (why === 'file_replaced')
    return `its file is another than its vectors were made by. Put that one back, or not; then millrace models switch --to ${model}.`;
  return missing > 0
    ? `${missing} documents lack its vectors. Push them anew, or delete them.`
    : `it finds less. millrace models serve ${model} --force, or millrace models retire ${model}.`;
}

const unproven: Readonly<Partial<Record<NonNullable<Next['why']>, string>>> = {
  too_little_to_ask: 'there is too little to ask to tell whether it finds as much',
  finds_other_things: 'it finds next to nothing of what the other finds',
};

function comparisonLine(model: string, comparison: ModelComparison): string {
  const { sentences, found_serving, found_next, questions, overlap, millis_serving, millis_next } =
    comparison;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return (
    `Of ${sentences} sentences ${model} found the document of ${percent(found_next)}, the other ` +
    `${percent(found_serving)}; of ${questions} questions of late ${percent(overlap)} of the hits are the same; ` +
    `a search took ${millis_next.toFixed(0)} ms, and ${millis_serving.toFixed(0)} ms.` +
    judgedLine(comparison)
  );
}

function judgedLine({ judged, ndcg_serving, ndcg_next, ...dense }: ModelComparison): string {
  if (ndcg_serving === undefined || ndcg_next === undefined) return '';
  const { ndcg_dense_serving, ndcg_dense_next } = dense;
  const byMeaning =
    ndcg_dense_serving === undefined || ndcg_dense_next === undefined
      ? ''
      : `; by meaning alone ${ndcg_dense_next.toFixed(3)} and ${ndcg_dense_serving.toFixed(3)}`;
  return ` Of ${judged} judged questions its nDCG@10 was ${ndcg_next.toFixed(3)}, the other's ${ndcg_serving.toFixed(3)}${byMeaning}.`;
}
