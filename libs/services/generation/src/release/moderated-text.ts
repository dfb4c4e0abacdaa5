import type { Moderate } from './held-text.ts';

/** A whole text as it may leave; nothing of one that is blocked. */
export async function moderatedText(
  text: string,
  tenant: string,
  moderate: Moderate,
  encoding: 'text' | 'json' = 'text',
): Promise<string> {
  const verdict = await moderate({
    tenant,
    direction: 'output',
    preceding: '',
    text,
    encoding,
    final: true,
  });
  return verdict.action === 'block' ? '' : verdict.text;
}
