import type { AcceptedVersion, BeforeDelete, NewVersion, Withdrawal } from '@millrace/ports';
import type { DocumentRecord } from './document-record.ts';
import { claimOf } from './idempotency.ts';
import type { Ledger } from './ledger.ts';
import { answerAgain, remember } from './pushed-events.ts';
import { accept, dropLettersBefore, sayAgain, withdraw } from './transitions.ts';

/** Accepts new content; under an idempotency key, or asked by an event, once only. */
export function acceptOnce(
  ledger: Ledger,
  change: NewVersion,
): AcceptedVersion | BeforeDelete | 'idempotency-conflict' {
  const record = ledger.record(change);
  if (!record) throw new Error('the document was not loaded');
  const again = answerAgain(record, change.event);
  if (again === 'idempotency-conflict') return again;
  if (again) {
    sayAgain(record, change, again.version);
    return { ...again, spare: change.source };
  }
  const answer = acceptUnderKey(ledger, record, change);
  if (
    answer !== 'idempotency-conflict' &&
    answer.outcome !== 'before-delete' &&
    answer.outcome !== 'overtaken'
  )
    remember(record, change.event, answer);
  return answer;
}

/** Withdraws a document; asked by an event, once only. Undefined when it was never there and no event asks. */
export function withdrawOnce(
  record: DocumentRecord,
  withdrawal: Withdrawal,
): AcceptedVersion | 'idempotency-conflict' | undefined {
  const again = answerAgain(record, withdrawal.event);
  if (again === 'idempotency-conflict') return again;
  if (again) sayAgain(record, withdrawal, again.version);
  const answer = again ?? withdraw(record, withdrawal);
  if (answer && !again && answer.outcome !== 'overtaken') remember(record, withdrawal.event, answer);
  dropLettersBefore(record, withdrawal, answer);
  return answer;
}

function acceptUnderKey(
  ledger: Ledger,
  record: DocumentRecord,
  change: NewVersion,
): AcceptedVersion | BeforeDelete | 'idempotency-conflict' {
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
