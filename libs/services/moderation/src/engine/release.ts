import { policy } from '../policy.ts';
import { maxUnion, unite, type Span, type Union } from './spans.ts';

export interface Leaving {
  readonly action: 'allow' | 'redact' | 'block';
  readonly text: string;
  readonly holdFrom: number;
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
  let at = 0;
  for (const union of unite(spans)) {
    const { start, end, blocks, category } = union;
    if (blocks && (!union.open || end - start > maxUnion))
      return { action: 'block', text: released + text.slice(at, start), holdFrom: start };
    if (union.open || end > settled) return upTo(Math.min(start, settled));
    released += text.slice(at, start) + redacted(union, `[redacted: ${policy[category].label}]`);
    at = end;
  }
  return upTo(settled);

  function upTo(holdFrom: number): Leaving {
    return { action: at > 0 ? 'redact' : 'allow', text: released + text.slice(at, holdFrom), holdFrom };
  }
}
