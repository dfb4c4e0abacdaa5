import { moderationCategories, type CallOutput, type calls } from '@millrace/contracts';
import { maxUnion, unite, type Span, type Union } from './spans.ts';

type Redaction = NonNullable<CallOutput<typeof calls.moderate>['redactions']>[number];

export interface Leaving {
  readonly action: 'allow' | 'redact' | 'block';
  readonly text: string;
  readonly holdFrom: number;
  readonly redactions: readonly Redaction[];
}

/**
 * What may leave of a text.
 * @param settled what follows it stays, whatever it is
 * @param redacted what stands in the place of a union
 */
export function release(
  text: string,
  settled: number,
  spans: readonly Span[],
  redacted: (union: Union, label: string) => string,
): Leaving {
  let released = '';
  const redactions: Redaction[] = [];
  let at = 0;
  for (const union of unite(spans)) {
    const { start, end, blocks, category } = union;
    if (blocks && (!union.open || end - start > maxUnion))
      return { action: 'block', text: released + text.slice(at, start), holdFrom: start, redactions };
    if (union.open || end > settled) return upTo(Math.min(start, settled));
    const instead = redacted(union, `[redacted: ${moderationCategories[category].label}]`);
    released += text.slice(at, start) + instead;
    redactions.push({ start, end, text: instead });
    at = end;
  }
  return upTo(settled);

  function upTo(holdFrom: number): Leaving {
    const action = redactions.length > 0 ? 'redact' : 'allow';
    return { action, text: released + text.slice(at, holdFrom), holdFrom, redactions };
  }
}
