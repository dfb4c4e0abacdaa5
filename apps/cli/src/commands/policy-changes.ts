import { InvalidArgumentError } from 'commander';
import {
  moderationActions,
  moderationCategories,
  type CategoryPolicy,
  type ModerationAction,
  type ModerationCategory,
  type ModerationDirection,
  type ModerationPolicy,
} from '@millrace/contracts';

interface ClassifierChange {
  readonly category: ModerationCategory;
  readonly action: 'allow' | 'flag' | 'block';
  readonly threshold?: number | undefined;
}

/** As the command line says it. */
export interface PolicyOptions extends Partial<Record<ModerationAction, readonly ModerationCategory[]>> {
  readonly only?: ModerationDirection;
  readonly classifier?: readonly ClassifierChange[];
  readonly default?: readonly ModerationCategory[];
  readonly onFailure?: 'fail_open' | 'fail_closed' | 'default';
  readonly reset?: boolean;
}

export function knownCategory(
  text: string,
  before: readonly ModerationCategory[] = [],
): readonly ModerationCategory[] {
  if (!isCategory(text))
    throw new InvalidArgumentError(`There are ${Object.keys(moderationCategories).join(', ')}.`);
  return [...before, text];
}

const isCategory = (text: string): text is ModerationCategory => Object.hasOwn(moderationCategories, text);

const written = /^([^=]+)=(allow|flag|block)(?::(0|1|[01]?\.\d+))?$/;

/** `hate=block:0.9` */
export function classifierChange(text: string, before: readonly ClassifierChange[] = []): ClassifierChange[] {
  const [, category = '', action, threshold] = written.exec(text) ?? [];
  if (!isCategory(category))
    throw new InvalidArgumentError('Write CATEGORY=allow, =flag or =block, with :0.9 behind it for a score.');
  const change = { category, action: action as ClassifierChange['action'] };
  return [...before, threshold === undefined ? change : { ...change, threshold: Number(threshold) }];
}

/** Undefined where no change is asked for. */
export function changedPolicy(now: ModerationPolicy, options: PolicyOptions): ModerationPolicy | undefined {
  const { only, reset, onFailure, ...changes } = options;
  if (!reset && onFailure === undefined && Object.keys(changes).length === 0) return undefined;
  const { categories: kept = {}, on_failure: keptFailure } = reset ? {} : now;
  const categories: Record<string, CategoryPolicy> = { ...kept };
  for (const name of changes.default ?? []) delete categories[name];
  const directions = only ? [only] : inChats;
  for (const action of moderationActions)
    for (const name of changes[action] ?? [])
      categories[name] = { ...categories[name], ...inEach(directions, action) };
  for (const { category, action, threshold } of changes.classifier ?? [])
    categories[category] = {
      ...categories[category],
      classifier: {
        ...inEach(action === 'block' && !only ? ['input'] : directions, action),
        ...(threshold !== undefined && { threshold }),
      },
    };
  const failure = onFailure === 'default' ? undefined : (onFailure ?? keptFailure);
  return {
    ...(Object.keys(categories).length > 0 && { categories }),
    ...(failure && { on_failure: failure }),
  };
}

/** Documents are another matter: they change when they are named. */
const inChats = ['input', 'output'] as const;

const inEach = (directions: readonly ModerationDirection[], action: ModerationAction): object =>
  Object.fromEntries(directions.map((direction) => [direction, action]));
