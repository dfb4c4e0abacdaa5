import type { z } from 'zod';
import type { ErrorDetails } from './errors.ts';

type Issue = z.core.$ZodIssue;

/** Names of fields are the sender's: of any length, and with characters that no log or database takes. */
const clean = (text: string): string => text.slice(0, 300).replaceAll(/[\p{Cc}\p{Cs}]/gu, '\ufffd');

/** What is wrong with a message that does not fit its schema: the field at fault, and why, without its content. */
export function complaint(error: z.ZodError): ErrorDetails {
  const issue = clearest(error.issues);
  if (!issue) return {};
  const param = clean(issue.path.join('.'));
  const reason = clean(issue.message);
  return { param, detail: param === '' ? reason : `${param}: ${reason}` };
}

/** The first that goes deepest. */
const clearest = (issues: readonly Issue[]): Issue | undefined =>
  issues.map(insideUnion).sort((a, b) => b.path.length - a.path.length)[0];

/** Of a union that says nothing itself, the complaint of the alternative that is closest: with the fewest. */
function insideUnion(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return issue;
  const [closest] = [...issue.errors].sort((a, b) => a.length - b.length);
  const inner = closest && clearest(closest);
  return inner ? { ...inner, path: [...issue.path, ...inner.path] } : issue;
}
