import { z } from 'zod';

/** In the order of their strength. `allow`: it is not even looked for. */
export const moderationActions = ['allow', 'flag', 'redact', 'block'] as const;
export type ModerationAction = (typeof moderationActions)[number];

export const moderationDirections = ['input', 'output', 'document'] as const;
/** `input`: of a question; `output`: of an answer; `document`: of a document before it can be found. */
export type ModerationDirection = (typeof moderationDirections)[number];

export interface CategorySpec {
  /** What stands in the place of what was redacted. */
  readonly label: string;
  /**
   * Who finds it. `rules`: they say where it stands, so that it can be taken out. `classifier`: it judges the text as a
   * whole, and an answer when it has left.
   */
  readonly foundBy: readonly ('rules' | 'classifier')[];
  /** What is done with what the rules find while no policy says otherwise; what the classifier finds is flagged. */
  readonly input: ModerationAction;
  readonly output: ModerationAction;
  readonly document: ModerationAction;
}

const rules = ['rules'] as const;
const both = ['rules', 'classifier'] as const;
const none = [] as const;

/** A question may hold the asker’s own card number; an answer must not show anybody’s. */
const redacted = (label: string, foundBy: CategorySpec['foundBy'] = rules): CategorySpec => ({
  ...{ label, foundBy, input: 'flag', output: 'redact', document: 'allow' },
});
const blocked = (label: string, foundBy: CategorySpec['foundBy'] = rules): CategorySpec => ({
  ...{ label, foundBy, input: 'block', output: 'block', document: 'allow' },
});
const flagged = (label: string, foundBy: CategorySpec['foundBy'] = rules): CategorySpec => ({
  ...{ label, foundBy, input: 'flag', output: 'flag', document: 'allow' },
});

/** A question that speaks so, or a document; an answer that does harms nobody. */
const injected = (label: string, input: ModerationAction): CategorySpec => ({
  ...{ label, foundBy: rules, input, output: 'allow', document: 'flag' },
});

/** What is looked for, and what is done about it by default: OpenAI’s categories, and ours for personal data, secrets and injected instructions. */
export const moderationCategories = {
  'pii/payment-card': redacted('payment card'),
  'pii/bank-account': redacted('bank account'),
  'secrets/key': redacted('secret key'),
  'secrets/private-key': redacted('private key'),
  'sexual/minors': blocked('sexual content about minors', both),
  'self-harm/instructions': blocked('instructions for self-harm'),
  'self-harm': flagged('self-harm', both),
  'self-harm/intent': flagged('intent of self-harm'),
  sexual: flagged('sexual content', both),
  violence: flagged('violence', both),
  'violence/graphic': flagged('graphic violence', both),
  hate: flagged('hate', both),
  'hate/threatening': flagged('threatening hate', both),
  harassment: flagged('harassment', both),
  'harassment/threatening': flagged('threat'),
  illicit: flagged('wrongdoing', none),
  'illicit/violent': flagged('violent wrongdoing', none),
  'pii/email': flagged('e-mail address'),
  'pii/phone': flagged('phone number'),
  'pii/ip-address': flagged('IP address'),
  'pii/identity-number': flagged('identity number'),
  'pii/date-of-birth': flagged('date of birth'),
  'prompt-injection': injected('injected instruction', 'flag'),
  'prompt-injection/embedded': injected('instruction to the model', 'allow'),
} satisfies Record<string, CategorySpec>;

export type ModerationCategory = keyof typeof moderationCategories;
export const moderationCategoryNames = Object.keys(moderationCategories) as ModerationCategory[];

const action = z
  .enum(moderationActions, { error: `must be one of ${moderationActions.join(', ')}` })
  .optional();

/** What is done with what the classifier finds, of the categories that it knows. */
const classifierPolicy = z.strictObject({
  input: z
    .enum(['allow', 'flag', 'block'], {
      error:
        'must be allow, flag or block: the classifier judges a question as a whole and has nothing to redact',
    })
    .optional(),
  output: z
    .enum(['allow', 'flag'], {
      error: 'must be allow or flag: an answer has left when the classifier judges it',
    })
    .optional(),
  /** The score from which it counts. Absent: the classifier’s own. */
  threshold: z.number().min(0).max(1).optional(),
});

/** What is absent stays as it is by default. */
const categoryPolicy = z.strictObject({
  input: action,
  output: action,
  document: action,
  classifier: classifierPolicy.optional(),
});
export type CategoryPolicy = z.infer<typeof categoryPolicy>;

/** What moderation does about a tenant’s questions, answers and documents. What is absent stays as it is by default; `{}` is the default. */
export const moderationPolicy = z.strictObject({
  categories: z
    .partialRecord(z.enum(moderationCategoryNames), categoryPolicy)
    .superRefine((policies, context) => {
      for (const [name, policy] of Object.entries(policies)) {
        const detail = impossible(name as ModerationCategory, policy);
        if (detail) context.addIssue({ code: 'custom', ...detail });
      }
    })
    .optional(),
  /**
   * What a text comes to that the classifier did not judge in time: what the rules say of it (`fail_open`), or an error
   * (`fail_closed`). Absent: as `MILLRACE_MODERATION_CLASSIFIER_LATE` says. The rules are never left out.
   */
  on_failure: z.enum(['fail_open', 'fail_closed']).optional(),
});
export type ModerationPolicy = z.infer<typeof moderationPolicy>;

/** A policy, and the name under which it stands in records: the same for what comes to the same. */
export const statedPolicy = z.object({ version: z.string(), policy: moderationPolicy });
export type StatedPolicy = z.infer<typeof statedPolicy>;

function impossible(name: ModerationCategory, { classifier }: CategoryPolicy) {
  const { foundBy }: CategorySpec = moderationCategories[name];
  if (foundBy.length === 0)
    return { path: [name], message: 'nothing looks for it yet, so nothing can be done about it' };
  if (classifier && !foundBy.includes('classifier'))
    return {
      path: [name, 'classifier'],
      message: 'the classifier does not know this category: set input and output, by the rules',
    };
  return undefined;
}

/** What is done about one category, every default filled in. */
export interface EffectivePolicy {
  readonly input: ModerationAction;
  readonly output: ModerationAction;
  readonly document: ModerationAction;
  /** Undefined: it does not know the category. */
  readonly classifier?: {
    readonly input: ModerationAction;
    readonly output: ModerationAction;
    readonly threshold?: number | undefined;
  };
}

export function effectivePolicy({ categories }: ModerationPolicy, name: ModerationCategory): EffectivePolicy {
  const { foundBy, ...byDefault }: CategorySpec = moderationCategories[name];
  const { classifier, ...set } = categories?.[name] ?? {};
  const { input = byDefault.input, output = byDefault.output, document = byDefault.document } = set;
  if (!foundBy.includes('classifier')) return { input, output, document };
  const { input: question = 'flag', output: answer = 'flag', threshold } = classifier ?? {};
  return { input, output, document, classifier: { input: question, output: answer, threshold } };
}
