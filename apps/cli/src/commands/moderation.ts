import { Option, type Command } from 'commander';
import {
  effectivePolicy,
  moderationActions,
  moderationCategories,
  moderationCategoryNames,
  moderationDirections,
  routes,
  type EffectivePolicy,
  type ModerationAction,
  type StatedPolicy,
} from '@millrace/contracts';
import type { Run } from '../context.ts';
import { table } from '../output/table.ts';
import { changedPolicy, classifierChange, knownCategory, type PolicyOptions } from './policy-changes.ts';

const examples = `
Examples:
  $ millrace tenants moderation acme
  $ millrace tenants moderation acme --redact pii/email pii/phone
  $ millrace tenants moderation acme --block hate violence --only input
  $ millrace tenants moderation acme --block prompt-injection --only document
  $ millrace tenants moderation acme --classifier hate=block:0.9 --on-failure fail_closed
  $ millrace tenants moderation acme --default hate
  $ millrace tenants moderation acme --reset

Categories:
${moderationCategoryNames.map((name) => `  ${name}`).join('\n')}

Input is what is asked, output what is answered, document what is pushed. Documents change with --only document alone.`;

const does: Readonly<Record<ModerationAction, string>> = {
  allow: 'are not looked for',
  flag: 'pass, and are counted',
  redact: 'are replaced by a label',
  block: 'end the question or the answer, or refuse the document',
};

export function addModeration(tenants: Command, run: Run): void {
  const command = tenants
    .command('moderation')
    .description(
      'what is done about harm, personal data, secrets and injected instructions; with options: change that',
    )
    .argument('<name>', 'the tenant')
    .addHelpText('after', examples);
  for (const action of moderationActions)
    command.option(`--${action} <category...>`, `these ${does[action]}`, knownCategory);
  command
    .addOption(
      new Option('--only <direction>', 'change what is done there alone').choices(moderationDirections),
    )
    .option(
      '--classifier <category=action...>',
      'allow, flag or block what the classifier finds; block: in input; with :0.9 from this score on',
      classifierChange,
    )
    .option('--default <category...>', 'these as they are by default', knownCategory)
    .addOption(
      new Option('--on-failure <what>', 'of a text that the classifier did not judge in time').choices([
        ...['fail_open', 'fail_closed', 'default'],
      ]),
    )
    .option('--reset', 'everything as it is by default, before what else is said')
    .action(
      run(async ({ client, output }, name: string, options: PolicyOptions) => {
        const now = await client.call(routes.getModeration, { params: { name } });
        const body = changedPolicy(now.policy, options);
        const answer = body ? await client.call(routes.putModeration, { params: { name }, body }) : now;
        output.result(answer, () => shown(answer));
      }),
    );
}

function shown({ version, policy }: StatedPolicy): string {
  const rows = moderationCategoryNames.map((name) => {
    const [now, before] = [effectivePolicy(policy, name), effectivePolicy({}, name)];
    const marked = (of: (one: EffectivePolicy) => string): string =>
      of(now) + (of(now) === of(before) ? '' : ' *');
    const { foundBy }: { readonly foundBy: readonly string[] } = moderationCategories[name];
    return foundBy.length === 0
      ? [name, '-', '-', '-', 'nothing looks for it yet']
      : [
          name,
          ...moderationDirections.map((direction) => marked((policy) => policy[direction])),
          marked(byClassifier),
        ];
  });
  const failure = policy.on_failure ?? 'as the settings say';
  return [
    table(['category', ...moderationDirections, 'by the classifier'], rows),
    `\n* is not the default. When the classifier fails: ${failure}. Version ${version}.`,
  ].join('\n');
}

function byClassifier({ classifier }: EffectivePolicy): string {
  if (!classifier) return '';
  const { input, output, threshold } = classifier;
  const actions = input === output ? input : `${input}, in output ${output}`;
  return threshold === undefined ? actions : `${actions}, from ${threshold} on`;
}
