import { Controller, Inject } from '@nestjs/common';
import { MillraceError, routes, type Correction, type Principal } from '@millrace/contracts';
import {
  CLOCK,
  REGISTRY,
  type Clock,
  type DeadLetterQuery,
  type DeadLetterRecord,
  type OutboxEvent,
  type Registry,
} from '@millrace/ports';
import { HandleRoute, type RouteRequest } from '@millrace/platform';
import { z } from 'zod';
import { knownScopeOf, scopeOf } from './admin-scope.ts';
import { correctedMessage } from './corrected-message.ts';
import { cursorAt, idAt } from './cursor.ts';

type ReplayInput = RouteRequest<typeof routes.replay>['body'];

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
    const letter = await this.known(params.id, scopeOf(principal), 'id');
    const { headers, value } = letter.replay;
    return { ...shown(letter), message: { headers, value } };
  }

  @HandleRoute(routes.replay)
  async replay({ principal, body }: RouteRequest<typeof routes.replay>) {
    const tenant = scopeOf(principal, body.tenant);
    const until = body.until ?? new Date(this.clock.now()).toISOString();
    if (body.corrections) {
      const replayed = await this.correct(body.corrections, tenant, body.dry_run);
      return { replayed, dry_run: body.dry_run, until, has_more: false };
    }
    const ids = body.ids ?? (await this.matching(tenant, { ...body, until }));
    if (body.ids) await this.refuseUnknown(body.ids, tenant);
    else if (ids.length === 0) await this.refuseNobody(principal, body.tenant, 'tenant');
    const asked = ids.slice(0, mostAtOnce);
    const replayed = body.dry_run ? asked : await this.sendAgain(asked);
    return { replayed, dry_run: body.dry_run, until, has_more: ids.length > mostAtOnce };
  }

  /** All letters are found and all events can be sent before the first one is. */
  private async correct(
    corrections: readonly Correction[],
    tenant: string | undefined,
    isDryRun: boolean,
  ): Promise<string[]> {
    const messages = new Map<string, OutboxEvent>();
    for (const { id, event } of corrections)
      messages.set(id, correctedMessage(await this.known(id, tenant, 'corrections'), event));
    return isDryRun ? [...messages.keys()] : this.sendAgain([...messages.keys()], messages);
  }

  /** Those that were still there. */
  private async sendAgain(
    ids: readonly string[],
    corrected?: ReadonlyMap<string, OutboxEvent>,
  ): Promise<string[]> {
    const at = this.clock.now();
    const sent = await Promise.all(
      ids.map((id) => this.registry.deadLetters.replay(id, at, corrected?.get(id))),
    );
    return ids.filter((_, index) => sent[index]);
  }

  /** As many as one request may send, and one more if there are others. */
  private async matching(tenant: string | undefined, { code, since, until }: ReplayInput): Promise<string[]> {
    const [from, before] = [since, until].map((time) => (time === undefined ? undefined : Date.parse(time)));
    const limit = mostAtOnce + 1;
    const query = { tenant, code, since: from, until: before, limit };
    return (await this.registry.deadLetters.page(query)).map(({ id }) => id);
  }

  /** A tenant that was never made may have letters, for that very reason; with neither it is a slip of the pen. */
  private async refuseNobody(principal: Principal, tenant: string | undefined, param: string): Promise<void> {
    await knownScopeOf(this.registry, principal, tenant, param);
  }

  private async refuseUnknown(ids: readonly string[], tenant: string | undefined): Promise<void> {
    for (const id of ids) await this.known(id, tenant, 'ids');
  }

  /** A letter of another tenant is as unknown as one that is not there. */
  private async known(id: string, tenant: string | undefined, param: string): Promise<DeadLetterRecord> {
    const letter = await this.registry.deadLetters.find(id);
    if (!letter || letter.tenant !== (tenant ?? letter.tenant))
      throw new MillraceError('dead_letter_not_found', { param, detail: id });
    return letter;
  }
}

function placeOf(text: string | undefined): DeadLetterQuery['cursor'] {
  const [at, id] = text?.split(' ') ?? [];
  return at === undefined || id === undefined ? undefined : { at: Number(at), id };
}

const shown = ({ id, tenant, origin, subject, reason, attempts, at, replay }: DeadLetterRecord) => ({
  id,
  tenant,
  origin,
  ...(subject && { subject }),
  key: replay.key,
  reason,
  attempts,
  at: new Date(at).toISOString(),
});
