import { Controller, Inject } from '@nestjs/common';
import {
  isTopic,
  MillraceError,
  routes,
  type Correction,
  type Principal,
  type replayAnswer,
} from '@millrace/contracts';
import {
  CLOCK,
  EVENT_LOG,
  outlinedKeyCharacters,
  REGISTRY,
  type Clock,
  type DeadLetterOutline,
  type DeadLetterQuery,
  type DeadLetterRecord,
  type EventLog,
  type OutboxEvent,
  type Registry,
} from '@millrace/ports';
import { HandleRoute, type RouteRequest } from '@millrace/platform';
import { z } from 'zod';
import { audited } from './audit/audited.ts';
import { isOperator, knownScopeOf, notOperator, scopeOf } from './admin-scope.ts';
import { correctedMessage, type CorrectionBounds } from './corrected-message.ts';
import { cursorAt, idAt } from './cursor.ts';

type ReplayInput = RouteRequest<typeof routes.replay>['body'];

type Kept = NonNullable<z.infer<typeof replayAnswer>['kept']>[number];

/** What a request is about, by whether it can be sent. */
interface Chosen {
  readonly sendable: DeadLetterOutline[];
  readonly kept: Kept[];
}

type Letter = Pick<DeadLetterRecord, 'id' | 'at' | 'tenant' | 'origin' | 'reason'>;

/** Where a letter stands in the list: `<epoch ms> <id>`. */
const letterPlace = z.string().regex(/^\d{1,15} [\da-f-]{36}$/, 'must come from next_cursor');

/** Dead letters replayed by one request; the rest by the next. */
const mostAtOnce = 1000;

/** What could not be handled, and sending it round again. */
@Controller()
export class DeadLettersController {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  @HandleRoute(routes.listDeadLetters)
  async list({ principal, query }: RouteRequest<typeof routes.listDeadLetters>) {
    const { limit } = query;
    const cursor = placeOf(idAt(query.cursor, letterPlace));
    const tenant = scopeOf(principal, query.tenant);
    const letters = await this.registry.deadLetters.page({ cursor, limit, tenant, code: query.code });
    if (letters.length === 0 && cursor === undefined)
      await this.refuseNobody(principal, query.tenant, 'query.tenant');
    const last = letters.length === limit ? letters.at(-1) : undefined;
    return { data: letters.map(shown), ...(last && { next_cursor: cursorAt(`${last.at} ${last.id}`) }) };
  }

  @HandleRoute(routes.deadLetter)
  async whole({ principal, params }: RouteRequest<typeof routes.deadLetter>) {
    const letter = await this.find(params.id, scopeOf(principal));
    if (!letter) throw notFound(params.id, 'id');
    const { headers, value } = letter.replay;
    return { ...shown(outlineOf(letter)), message: { headers, value } };
  }

  @HandleRoute(routes.replay)
  async replay({ principal, body }: RouteRequest<typeof routes.replay>) {
    const now = this.clock.now();
    // Letters of what is sent now are later.
    const until = new Date(
      Math.min(now, body.until === undefined ? now : Date.parse(body.until)),
    ).toISOString();
    if (body.corrections) {
      const corrected = await this.correct(principal, body.corrections, body.dry_run);
      return { ...corrected, dry_run: body.dry_run, until, has_more: false };
    }
    const tenant = scopeOf(principal, body.tenant);
    const { sendable, kept } = body.ids
      ? await this.named(body.ids, tenant)
      : await this.matching(tenant, { ...body, until });
    if (sendable.length + kept.length === 0) await this.refuseNobody(principal, body.tenant, 'tenant');
    const asked = sendable.slice(0, mostAtOnce);
    const has_more = sendable.length > mostAtOnce;
    const { sent, gone } = body.dry_run
      ? { sent: idsOf(asked), gone: [] }
      : await this.sendAgain(principal, asked);
    for (const id of gone) keep({ id, why: 'gone' }, kept);
    return { replayed: sent, kept, dry_run: body.dry_run, until, has_more };
  }

  /** All that are there can be sent before the first one is. */
  private async correct(principal: Principal, corrections: readonly Correction[], isDryRun: boolean) {
    const tenant = scopeOf(principal);
    const letters: Letter[] = [];
    const gone: string[] = [];
    const messages = new Map<string, OutboxEvent>();
    for (const correction of corrections) {
      const letter = await this.find(correction.id, tenant);
      if (!letter) gone.push(correction.id);
      else {
        refuseOtherTenant(principal, letter, correction);
        messages.set(letter.id, correctedMessage(letter, correction, await this.bounds(letter)));
        // Not the message: of a hundred there may be a hundred megabytes.
        const { id, at, reason, origin, tenant: whose } = letter;
        letters.push({ id, at, reason, origin, tenant: whose });
      }
    }
    if (isDryRun) return { replayed: idsOf(letters), gone };
    const { sent, gone: goneMeanwhile } = await this.sendAgain(principal, letters, messages);
    return { replayed: sent, gone: [...gone, ...goneMeanwhile] };
  }

  private async bounds({ subject }: DeadLetterRecord): Promise<CorrectionBounds> {
    const { maxRecordBytes: maxBytes } = this.log.limits;
    if (!subject) return { maxBytes };
    const versions = await this.registry.documents.versions(subject.tenant, subject.document);
    const failed = versions.find(({ version }) => version === subject.version);
    return { maxBytes, saidAt: failed?.saidAt };
  }

  /**
   * In the order in which they were written, one after the other: the last word on a document is its last. Returns those
   * that were still there as they were read, and those that were not.
   */
  private async sendAgain(
    by: Principal,
    letters: readonly Letter[],
    corrected?: ReadonlyMap<string, OutboxEvent>,
  ) {
    const [sent, gone]: [string[], string[]] = [[], []];
    for (const letter of letters.toSorted((a, b) => a.at - b.at)) {
      const [at, correction] = [this.clock.now(), corrected?.get(letter.id)];
      const audit = replayEntry(by, at, letter, correction !== undefined);
      const isSent = await this.registry.deadLetters.replay(letter, at, { correction, audit });
      (isSent ? sent : gone).push(letter.id);
    }
    return { sent, gone };
  }

  /** Some may have been sent or erased meanwhile; where none is there, it is a slip of the pen. */
  private async named(ids: readonly string[], tenant: string | undefined): Promise<Chosen> {
    const chosen: Chosen = { sendable: [], kept: [] };
    for (const id of new Set(ids)) {
      const letter = await this.find(id, tenant);
      if (letter) this.sort(outlineOf(letter), chosen);
      else keep({ id, why: 'gone' }, chosen.kept);
    }
    if (chosen.sendable.length === 0 && chosen.kept.every(({ why }) => why === 'gone'))
      throw notFound(ids[0]!, 'ids');
    return chosen;
  }

  /** As many as one request may send, and one more if there are others; those that stay are passed over. */
  private async matching(tenant: string | undefined, { code, since, until }: ReplayInput): Promise<Chosen> {
    const [from, before] = [since, until].map((time) => (time === undefined ? undefined : Date.parse(time)));
    const chosen: Chosen = { sendable: [], kept: [] };
    for (let cursor: DeadLetterOutline | undefined; chosen.sendable.length <= mostAtOnce;) {
      const limit = mostAtOnce + 1;
      const query = { tenant, code, since: from, until: before, cursor, limit };
      const page = await this.registry.deadLetters.page(query);
      for (const letter of page) this.sort(letter, chosen);
      if (page.length < limit) break;
      cursor = page.at(-1);
    }
    return chosen;
  }

  private sort(letter: DeadLetterOutline, { sendable, kept }: Chosen): void {
    const why = this.whyKept(letter);
    if (why === undefined) sendable.push(letter);
    else keep({ id: letter.id, why }, kept);
  }

  /** Bytes that were no UTF-8 have grown since they came. What the log would not take must not stand in the way of others. */
  private whyKept({
    origin,
    keyBytes,
    messageBytes,
    omittedBytes,
  }: DeadLetterOutline): Kept['why'] | undefined {
    if (!isTopic(origin)) return 'unknown_topic';
    if (omittedBytes !== undefined) return 'no_message';
    return keyBytes + messageBytes > this.log.limits.maxRecordBytes ? 'too_long' : undefined;
  }

  /** A tenant that was never made may have letters, for that very reason; with neither it is a slip of the pen. */
  private async refuseNobody(principal: Principal, tenant: string | undefined, param: string): Promise<void> {
    await knownScopeOf(this.registry, principal, tenant, param);
  }

  /** A letter of another tenant is as unknown as one that is not there. */
  private async find(id: string, tenant: string | undefined): Promise<DeadLetterRecord | undefined> {
    const letter = await this.registry.deadLetters.find(id);
    return letter?.tenant === (tenant ?? letter?.tenant) ? letter : undefined;
  }
}

const replayEntry = (
  by: Principal,
  at: number,
  { id, tenant, origin, reason }: Letter,
  isCorrected: boolean,
) =>
  audited(routes.replay, {
    ...{ by, at, tenant, object: `dead_letter:${id}` },
    details: { origin, code: reason.code },
    ...(isCorrected && { action: 'dead_letter.correct' }),
  });
const notFound = (id: string, param: string): MillraceError =>
  new MillraceError('dead_letter_not_found', { param, detail: id });

const idsOf = (letters: readonly Letter[]): string[] => letters.map(({ id }) => id);

/** Of any number of them as many as an answer may hold. */
function keep(one: Kept, kept: Kept[]): void {
  if (kept.length < mostAtOnce) kept.push(one);
}

/** A letter whose key says nothing lies with `default`, whose admins alone know whose it is. */
function refuseOtherTenant(principal: Principal, letter: DeadLetterRecord, { tenant }: Correction): void {
  if (tenant === undefined || tenant === letter.tenant) return;
  if (!isOperator(principal)) throw notOperator();
  if (letter.subject ?? letter.document)
    throw new MillraceError('invalid_request', {
      param: 'corrections',
      detail: `letter ${letter.id} is ${letter.tenant}'s: leave tenant out`,
    });
}

function placeOf(text: string | undefined): DeadLetterQuery['cursor'] {
  const [at, id] = text?.split(' ') ?? [];
  return at === undefined || id === undefined ? undefined : { at: Number(at), id };
}

const outlineOf = ({ replay: { key, value }, ...letter }: DeadLetterRecord): DeadLetterOutline => ({
  ...letter,
  key: key.slice(0, outlinedKeyCharacters),
  keyBytes: Buffer.byteLength(key),
  messageBytes: Buffer.byteLength(value),
});

const shown = ({ id, tenant, origin, subject, reason, attempts, at, key }: DeadLetterOutline) => ({
  id,
  tenant,
  origin,
  ...(subject && { subject }),
  key,
  reason,
  attempts,
  at: new Date(at).toISOString(),
});
