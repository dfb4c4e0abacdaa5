import type { AcceptedVersion, BeforeDelete, NewVersion, PushedEvent, Withdrawal } from '@millrace/ports';
import type { DocumentRecord } from './document-record.ts';
import type { FailedLetter } from './failed-records.ts';
import { claimOf } from './idempotency.ts';
import type { Ledger } from './ledger.ts';
import { answerAgain, remember } from './pushed-events.ts';
import { accept, dropLettersBefore, overtaken, sayAgain, withdraw } from './transitions.ts';

type Accepted = AcceptedVersion | BeforeDelete | 'idempotency-conflict';
type Withdrawn = AcceptedVersion | 'idempotency-conflict' | undefined;

/** Accepts new content; under an idempotency key, or asked by an event, once only. */
export function acceptOnce(ledger: Ledger, change: NewVersion): Accepted {
  const record = recordOf(ledger, change);
  const failure = ledger.failed.of(change.event);
  if (failure === 'gone') return { ...overtaken(record), spare: change.source };
  if (!failure) return acceptFrom(ledger, record, change);
  const answer = acceptFrom(ledger, record, asReplay(change, failure));
  if (answer !== 'idempotency-conflict' && answer.outcome !== 'before-delete')
    ledger.failed.handle(failure, change.at);
  return answer;
}

/** Withdraws a document; asked by an event, once only. Undefined when it was never there and no event asks. */
export function withdrawOnce(ledger: Ledger, withdrawal: Withdrawal): Withdrawn {
  const record = recordOf(ledger, withdrawal);
  const failure = ledger.failed.of(withdrawal.event);
  if (failure === 'gone') return overtaken(record);
  if (!failure) return withdrawFrom(record, withdrawal);
  const answer = withdrawFrom(record, asReplay(withdrawal, failure));
  if (answer !== 'idempotency-conflict') ledger.failed.handle(failure, withdrawal.at);
  return answer;
}

function recordOf(ledger: Ledger, name: NewVersion | Withdrawal): DocumentRecord {
  const record = ledger.record(name);
  if (!record) throw new Error('the document was not loaded');
  return record;
}

/** A record that failed and comes again has the place of its letter, as if that had been replayed. */
const asReplay = <T extends { readonly event?: PushedEvent | undefined }>(
  asked: T,
  { saidAt }: FailedLetter,
): T => ({
  ...asked,
  event: { ...asked.event, givenUpAt: Math.min(asked.event?.givenUpAt ?? Infinity, saidAt) },
});

function acceptFrom(ledger: Ledger, record: DocumentRecord, change: NewVersion): Accepted {
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

function withdrawFrom(record: DocumentRecord, withdrawal: Withdrawal): Withdrawn {
  const again = answerAgain(record, withdrawal.event);
  if (again === 'idempotency-conflict') return again;
  if (again) sayAgain(record, withdrawal, again.version);
  const answer = again ?? withdraw(record, withdrawal);
  if (answer && !again && answer.outcome !== 'overtaken') remember(record, withdrawal.event, answer);
  dropLettersBefore(record, withdrawal, answer);
  return answer;
}

function acceptUnderKey(ledger: Ledger, record: DocumentRecord, change: NewVersion): Accepted {
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
