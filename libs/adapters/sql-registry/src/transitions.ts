import type { DocumentVersion } from '@millrace/contracts';
import type {
  AcceptedVersion,
  BeforeDelete,
  DeadLetterRecord,
  EndOfErasure,
  NewAuditEntry,
  NewVersion,
  OutboxEvent,
  RemovedRecords,
  StalledVersion,
  Step,
  Withdrawal,
} from '@millrace/ports';
import type { DocumentRecord, LetterRow, VersionRow } from './document-record.ts';
import type { IndexBook } from './index-book.ts';
import { comesAgain, moveOn } from './pushed-events.ts';
import { rank } from './states.ts';

// The state machine of a document, as `DocumentRegistry` describes it: each transition changes a record in memory.

export function accept(record: DocumentRecord, change: NewVersion): AcceptedVersion | BeforeDelete {
  const { operation, accepted_at: deletedAt } = record.row;
  if (isOvertaken(record, change)) return { ...overtaken(record), spare: change.source };
  if (operation === 'delete' && change.at < deletedAt) return { outcome: 'before-delete', deletedAt };
  if (isSameContent(record, change)) return again(record, change);
  const { document, contentHash, bodyHash, title = null, source, at, announce } = change;
  const event = announce(record.row.version + 1, textOfSameBody(record, bodyHash));
  const made = { operation: 'upsert', contentHash, bodyHash, title, source } as const;
  const version = record.add({ ...made, at, saidAt: saidAt(record, change), event });
  return { document, version, state: 'accepted', outcome: 'accepted' };
}

type Said = Pick<NewVersion, 'at' | 'event'>;

const newestSaidAt = ({ row, versions }: DocumentRecord): number =>
  versions.get(row.version)?.said_at ?? row.accepted_at;

/** When a replay was said; undefined for what is said now. Never in the future, whatever a message from outside says. */
const replayedAt = ({ at, event }: Said): number | undefined =>
  event?.givenUpAt === undefined ? undefined : Math.min(event.givenUpAt, at);

/**
 * Later than all that was said until now, by as little as a millisecond: a push may have begun earlier than others and end
 * later, and what was said at the same time would not be told apart.
 */
const saidAt = (record: DocumentRecord, said: Said): number =>
  Math.max(newestSaidAt(record) + 1, replayedAt(said) ?? said.at);

/** No later than its own time: many at once would bring it ahead of the clock, and of what is given up next. */
const saidAgainAt = (record: DocumentRecord, said: Said): number =>
  Math.max(newestSaidAt(record), replayedAt(said) ?? said.at);

/** A replay can be, and a record that failed and comes again: whatever else comes is said now. */
const isOvertaken = (record: DocumentRecord, said: Said): boolean =>
  newestSaidAt(record) > (replayedAt(said) ?? Infinity) || comesAgain(record, said.event);

/** What is known already is said once more where it comes further on in the log, or failed there. */
export function sayAgain(record: DocumentRecord, said: Said, version: number): void {
  const isFurther =
    replayedAt(said) !== undefined || (!comesAgain(record, said.event) && moveOn(record, said.event));
  if (isFurther && version === record.row.version)
    record.change(version, { said_at: saidAgainAt(record, said) });
}

export const overtaken = ({ row: { document, version, state } }: DocumentRecord): AcceptedVersion => ({
  ...{ document, version, state },
  outcome: 'overtaken',
});

/** Where the text of the live version lies, when it was made of the same body. */
function textOfSameBody({ row, versions }: DocumentRecord, bodyHash: string): string | undefined {
  const live = versions.get(row.live_version ?? 0);
  return live?.body_hash === bodyHash ? (live.parsed ?? undefined) : undefined;
}

const isSameContent = ({ row }: DocumentRecord, { contentHash }: NewVersion): boolean =>
  row.operation === 'upsert' && row.state !== 'deleted' && row.content_hash === contentHash;

/** The same as there is: said once more. */
function again(record: DocumentRecord, change: NewVersion): AcceptedVersion {
  const { document, source, at, announce } = change;
  const { version, state } = record.row;
  record.change(version, { said_at: saidAgainAt(record, change) });
  const kept = record.versions.get(version)?.source ?? null;
  if (state !== 'dead-lettered')
    return { document, version, state, outcome: 'duplicate', ...spare(source, kept) };
  restart(record, version, announce(version), at);
  record.change(version, { source });
  return { document, version, state: 'accepted', outcome: 'restarted', ...spare(kept, source) };
}

const spare = (key: string | null, used: string | null): Pick<AcceptedVersion, 'spare'> =>
  key === null || key === used ? {} : { spare: key };

export function withdraw(record: DocumentRecord, withdrawal: Withdrawal): AcceptedVersion | undefined {
  const { document, at, announce, event: askedBy } = withdrawal;
  const { version, state, operation } = record.row;
  if (version === 0 && !askedBy) return undefined;
  if (isOvertaken(record, withdrawal)) return overtaken(record);
  if (operation === 'delete') record.change(version, { said_at: saidAgainAt(record, withdrawal) });
  if (operation === 'delete' && state === 'dead-lettered') {
    restart(record, version, announce(version), at);
    return { document, version, state: 'accepted', outcome: 'restarted' };
  }
  if (operation === 'delete') return { document, version, state, outcome: 'duplicate' };
  const event = announce(version + 1);
  const nothing = { contentHash: null, bodyHash: null, title: null, source: null };
  const next = record.add({ operation: 'delete', ...nothing, at, saidAt: saidAt(record, withdrawal), event });
  return { document, version: next, state: 'accepted', outcome: 'accepted' };
}

/** Of a delete that no erasure follows: what was said of the document before it goes. */
export function dropLettersBefore(
  record: DocumentRecord,
  withdrawal: Withdrawal,
  answer: AcceptedVersion | undefined,
): void {
  const { version, operation, state } = record.row;
  const overtakenAt = answer?.outcome === 'overtaken' ? replayedAt(withdrawal) : undefined;
  if (!answer) record.eraseLetters(withdrawal.at);
  else if (overtakenAt !== undefined) record.eraseLetters(overtakenAt);
  else if (answer.version === version && operation === 'delete' && state === 'deleted')
    record.eraseLetters(newestSaidAt(record));
}

/** Sets a dead-lettered version going again: the one step back there is. */
function restart(record: DocumentRecord, version: number, event: OutboxEvent, at: number): void {
  const resume_json = JSON.stringify(event);
  record.change(version, {
    reason_code: null,
    reason_message: null,
    resends: 0,
    started_at: at,
    resume_json,
  });
  record.enter(version, 'accepted', at);
  record.dropLetters((letter) => letter.version === version);
  record.emit(event);
}

/** @param book for a step to `indexed` */
export function advance(record: DocumentRecord, step: Step, book?: IndexBook): boolean {
  const { version, state, at } = step;
  const row = record.versions.get(version);
  if (!row || row.operation === 'delete' || row.state === 'deleted') return false;
  bring(record, row, step);
  if (book?.admits(step, { isTold: row.state === 'indexed' }) === false) {
    wish(record, row, step, book.lacking(step));
    return false;
  }
  if (rank[state] <= rank[row.state]) return false;
  const resume = step.resume && { resume_json: JSON.stringify(step.resume) };
  record.change(version, { resends: 0, reason_code: null, reason_message: null, ...resume });
  record.enter(version, state, at);
  record.dropLetters((letter) => letter.version === version);
  if (state === 'indexed') makeLive(record, version, at);
  if (book) wish(record, row, step, book.tell(step));
  return true;
}

/** Asks for the vectors of models that lack them. */
function wish(
  record: DocumentRecord,
  { parsed, chunks }: VersionRow,
  step: Step,
  models: readonly string[],
): void {
  if (parsed === null || !step.wish) return;
  for (const model of models) record.emit(step.wish(model, { parsed, chunks }));
}

/** Keeps what a step knows of the version, however late it comes. */
function bring(record: DocumentRecord, row: VersionRow, step: Step): void {
  const { chunks = row.chunks, parsed = row.parsed } = step;
  if (chunks !== row.chunks || parsed !== row.parsed) record.change(row.version, { chunks, parsed });
}

/** The version is what searches see now; older ones are overtaken, and whatever is heard of them later is too late. */
function makeLive(record: DocumentRecord, live: number, at: number): void {
  record.changeDocument({ live_version: live });
  for (const { version, operation, state } of record.versions.values())
    if (version < live && operation === 'upsert' && state !== 'deleted') {
      record.enter(version, 'deleted', at);
      record.dropLetters((letter) => letter.version === version);
    }
}

export function resend(
  record: DocumentRecord,
  { version, state, updatedAt, resume }: StalledVersion,
  at: number,
): boolean {
  const row = record.versions.get(version);
  if (!row || row.state !== state || row.updated_at !== updatedAt) return false;
  record.change(version, { updated_at: at, resends: row.resends + 1 });
  record.emit(resume);
  return true;
}

export function giveUp(record: DocumentRecord, subject: DocumentVersion, letter: DeadLetterRecord): boolean {
  const { version } = subject;
  const row = record.versions.get(version);
  if (!row || rank[row.state] > rank['dead-lettered'] || letter.at < row.started_at) return false;
  record.change(version, { reason_code: letter.reason.code, reason_message: letter.reason.message });
  record.enter(version, 'dead-lettered', letter.at);
  record.dropLetters((other) => other.version === version && other.origin === letter.origin);
  record.addLetter(toLetterRow(letter));
  return true;
}

export function toLetterRow({ subject, reason, replay, ...letter }: DeadLetterRecord): LetterRow {
  const { id, tenant, origin, attempts, at, saidAt } = letter;
  const { document = letter.document ?? null, version = null } = subject ?? {};
  const { code, message } = reason;
  return {
    id,
    tenant,
    origin,
    document,
    version,
    code,
    message,
    attempts,
    at,
    said_at: saidAt,
    place: null,
    replay_json: JSON.stringify(replay),
    key: replay.key,
    message_bytes: Buffer.byteLength(replay.value),
    omitted_bytes: letter.omittedBytes ?? null,
  };
}

/** Sends a dead letter's message again; its version goes on from where it failed, unless something else is sent. */
export function replay(
  record: DocumentRecord,
  { id, at: writtenAt }: Pick<DeadLetterRecord, 'id' | 'at'>,
  at: number,
  correction: OutboxEvent | undefined,
): boolean {
  const letter = record.letters.get(id);
  if (letter?.at !== writtenAt) return false;
  record.dropLetters((other) => other.id === id);
  if (correction) {
    record.emit(correction);
    return true;
  }
  const event = JSON.parse(letter.replay_json) as OutboxEvent;
  const version = record.versions.get(letter.version ?? 0);
  if (version?.state === 'dead-lettered') restart(record, version.version, event, at);
  else record.emit(event);
  return true;
}

export type EndOf = (removed: RemovedRecords) => EndOfErasure;

/** Undefined where there is nothing to end. */
export function completeErasure(
  record: DocumentRecord,
  { version }: DocumentVersion,
  endOf: EndOf,
): NewAuditEntry | undefined {
  const row = record.versions.get(version);
  if (!row || row.operation !== 'delete' || row.state === 'deleted') return undefined;
  const earlier = [...record.versions.keys()].filter((other) => other < version);
  for (const other of earlier) record.remove(other);
  const deadLetters =
    record.dropLetters((letter) => (letter.version ?? 0) <= version) +
    record.eraseLetters(row.said_at ?? row.accepted_at);
  const { receipt, audit } = endOf({ versions: earlier.length, deadLetters });
  record.dropHistoryBelow(version);
  record.change(version, { reason_code: null, reason_message: null });
  record.enter(version, 'deleted', Date.parse(receipt.completed_at));
  if ((record.row.live_version ?? Infinity) <= version) record.changeDocument({ live_version: null });
  record.unsaved.receipt = { version, receipt };
  return audit;
}

/** The newest version stays: it is what the document's state stands for. */
export function forget(record: DocumentRecord, versions: readonly number[]): void {
  for (const version of versions)
    if (version < record.row.version && record.versions.get(version)?.state === 'deleted')
      record.remove(version);
}
