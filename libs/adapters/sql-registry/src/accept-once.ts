import type { AcceptedVersion, BeforeDelete, NewVersion } from '@millrace/ports';
import { claimOf } from './idempotency.ts';
import type { Ledger } from './ledger.ts';
import { accept } from './transitions.ts';

/** Accepts new content; with an idempotency key once only, then the answer is that of the first time. */
export function acceptOnce(
  ledger: Ledger,
  change: NewVersion,
): AcceptedVersion | BeforeDelete | 'idempotency-conflict' {
  const record = ledger.record(change);
  if (!record) throw new Error('the document was not loaded');
  const claim = claimOf(change);
  const key = claim && ledger.key(claim);
  if (!claim || !key) return accept(record, change);
  if (key.request_hash !== claim.requestHash) return 'idempotency-conflict';
  const { document, version, state } = key;
  if (version !== null && state !== null)
    return { document, version, state, outcome: 'repeated', spare: change.source };
  const answer = accept(record, change);
  if (answer.outcome !== 'before-delete')
    Object.assign(key, { document: answer.document, version: answer.version, state: answer.state });
  return answer;
}
