import { MillraceError, type DocumentState, type DocumentVersion } from '@millrace/contracts';
import type {
  AcceptedVersion,
  BeforeDelete,
  DocumentName,
  DocumentRegistry,
  NewVersion,
  PageRequest,
  StalledVersion,
  Step,
  Withdrawal,
} from '@millrace/ports';
import type { Kysely } from 'kysely';
import { acceptOnce, withdrawOnce } from './accept-once.ts';
import * as queries from './document-queries.ts';
import type { DocumentRecord } from './document-record.ts';
import type { GroupCommit } from './group-commit.ts';
import { claimOf } from './idempotency.ts';
import type { Ledger } from './ledger.ts';
import type { WantedDocument } from './load-records.ts';
import type { Schema } from './schema.ts';
import * as transitions from './transitions.ts';

/** Nobody waits to see these: they tell how far a version is, and what to send again should it get stuck. */
const onTheWay: ReadonlySet<DocumentState> = new Set(['parsed', 'embedded']);

const isBegun = (answer: ReturnType<typeof withdrawOnce>): boolean =>
  typeof answer === 'object' && (answer.outcome === 'accepted' || answer.outcome === 'restarted');

/** Documents and their versions, each change one transaction with its event. */
export class SqlDocuments implements DocumentRegistry {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly commits: GroupCommit,
  ) {}

  async accept(change: NewVersion): Promise<AcceptedVersion | BeforeDelete> {
    const { tenant, document } = change;
    const wanted = { tenant, document, create: true, upTo: 'giving-way' } as const;
    const touches = { document: wanted, key: claimOf(change), event: change.event };
    const acceptance = await this.commits.run(touches, (ledger) => acceptOnce(ledger, change));
    if (acceptance === 'idempotency-conflict') throw new MillraceError('idempotency_conflict');
    return acceptance;
  }

  async withdraw(withdrawal: Withdrawal): Promise<AcceptedVersion | undefined> {
    const { tenant, document } = withdrawal;
    const wanted = { tenant, document, create: true, upTo: 'giving-way' } as const;
    const touches = { document: wanted, event: withdrawal.event };
    const withdrawn = await this.commits.run(touches, (ledger) => {
      const answer = withdrawOnce(ledger, withdrawal);
      if (isBegun(answer)) ledger.audited.push(withdrawal.audit);
      return answer;
    });
    if (withdrawn === 'idempotency-conflict') throw new MillraceError('idempotency_conflict');
    return withdrawn;
  }

  async advance(step: Step): Promise<boolean> {
    const { tenant, document, version, state } = step;
    const wanted = {
      ...{ tenant, document, version },
      ...(state === 'indexed' && { upTo: version, indexed: true }),
    };
    // Others of the group may be about indexes, too.
    const advance = (record: DocumentRecord, { book }: Ledger) =>
      transitions.advance(record, step, state === 'indexed' ? book : undefined);
    return (await this.change(wanted, advance, { hurry: !onTheWay.has(state) })) ?? false;
  }

  async resend(stalled: StalledVersion, at: number): Promise<boolean> {
    const { tenant, document, version } = stalled;
    const wanted = { tenant, document, version };
    return (await this.change(wanted, (record) => transitions.resend(record, stalled, at))) ?? false;
  }

  async completeErasure(which: DocumentVersion, end: transitions.EndOf): Promise<void> {
    const { tenant, document, version } = which;
    await this.change({ tenant, document, upTo: version, letters: true }, (record, ledger) => {
      const audit = transitions.completeErasure(record, which, end);
      if (audit) ledger.audited.push(audit);
    });
  }

  async forget(tenant: string, document: string, versions: readonly number[]): Promise<void> {
    await this.change({ tenant, document, upTo: Math.max(...versions, 0) }, (record) =>
      transitions.forget(record, versions),
    );
  }

  unknownSources(sources: readonly string[]) {
    return queries.unknownSources(this.db, sources);
  }

  versions(tenant: string, document: string) {
    return queries.versions(this.db, tenant, document);
  }

  status(tenant: string, document: string) {
    return queries.status(this.db, tenant, document);
  }

  list(tenant: string, page: PageRequest) {
    return queries.list(this.db, tenant, page);
  }

  receipt(tenant: string, document: string) {
    return queries.receipt(this.db, tenant, document);
  }

  live(tenant: string, document: string) {
    return queries.live(this.db, tenant, document);
  }

  allLive(after: DocumentName | undefined, limit: number) {
    return queries.allLive(this.db, after, limit);
  }

  countLive() {
    return queries.countLive(this.db);
  }

  stalled(before: number, limit: number) {
    return queries.stalled(this.db, before, limit);
  }

  unfinished(tenant: string, atMost: number) {
    return queries.unfinished(this.db, tenant, atMost);
  }

  counts(tenant?: string) {
    return queries.counts(this.db, tenant);
  }

  /** Undefined when the document was never there. */
  private change<T>(
    document: WantedDocument,
    transition: (record: DocumentRecord, ledger: Ledger) => T,
    urgency?: { readonly hurry: boolean },
  ): Promise<T | undefined> {
    const operation = (ledger: Ledger): T | undefined => {
      const record = ledger.record(document);
      return record && transition(record, ledger);
    };
    return this.commits.run({ document }, operation, urgency);
  }
}
