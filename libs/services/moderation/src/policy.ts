export type Action = 'flag' | 'redact' | 'block';
export type Direction = 'input' | 'output';

interface CategoryPolicy {
  /** What stands in the place of what was redacted. */
  readonly label: string;
  /** A question may hold the asker’s own card number; an answer must not show anybody’s. */
  readonly input: Action;
  readonly output: Action;
}

const redacted = (label: string): CategoryPolicy => ({ label, input: 'flag', output: 'redact' });
const blocked = (label: string): CategoryPolicy => ({ label, input: 'block', output: 'block' });
const flagged = (label: string): CategoryPolicy => ({ label, input: 'flag', output: 'flag' });

/** The default policy, category by category: OpenAI’s categories, and ours for personal data and secrets. */
export const policy = {
  'pii/payment-card': redacted('payment card'),
  'pii/bank-account': redacted('bank account'),
  'secrets/key': redacted('secret key'),
  'secrets/private-key': redacted('private key'),
  'sexual/minors': blocked('sexual content about minors'),
  'self-harm/instructions': blocked('instructions for self-harm'),
  'self-harm': flagged('self-harm'),
  'self-harm/intent': flagged('intent of self-harm'),
  sexual: flagged('sexual content'),
  violence: flagged('violence'),
  'violence/graphic': flagged('graphic violence'),
  hate: flagged('hate'),
  'hate/threatening': flagged('threatening hate'),
  harassment: flagged('harassment'),
  'harassment/threatening': flagged('threat'),
  illicit: flagged('wrongdoing'),
  'illicit/violent': flagged('violent wrongdoing'),
  'pii/email': flagged('e-mail address'),
  'pii/phone': flagged('phone number'),
  'pii/ip-address': flagged('IP address'),
} satisfies Record<string, CategoryPolicy>;

export type Category = keyof typeof policy;
export const categories = Object.keys(policy) as Category[];
