import { Controller, Inject } from '@nestjs/common';
import { routes } from '@millrace/contracts';
import { HandleRoute, type RouteRequest } from '@millrace/platform';
import { REGISTRY, type Registry } from '@millrace/ports';
import { z } from 'zod';
import { knownScopeOf } from '../admin-scope.ts';
import { cursorAt, idAt } from '../cursor.ts';

/** Where an entry stands in its chain. */
const sequenceText = z.string().regex(/^[1-9]\d{0,14}$/, 'must come from next_cursor');

/** What was done and decided. */
@Controller()
export class AuditController {
  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  @HandleRoute(routes.audit)
  async list({ principal, query }: RouteRequest<typeof routes.audit>) {
    const asked = query.tenant ?? principal.tenant;
    await knownScopeOf(this.registry, principal, asked, 'query.tenant');
    const { limit, order, action } = query;
    const cursor = idAt(query.cursor, sequenceText);
    const [from, to] = [query.from, query.to].map((time) =>
      time === undefined ? undefined : Date.parse(time),
    );
    const page = { tenant: asked, order, action, from, to, limit };
    const data = await this.registry.audit.page({ ...page, ...(cursor && { cursor: Number(cursor) }) });
    const last = data.length === limit ? data.at(-1) : undefined;
    return { tenant: asked, data, ...(last && { next_cursor: cursorAt(`${last.sequence}`) }) };
  }

  @HandleRoute(routes.auditHeads)
  async heads({ principal, query }: RouteRequest<typeof routes.auditHeads>) {
    const tenant = await knownScopeOf(this.registry, principal, query.tenant, 'query.tenant');
    return { data: await this.registry.audit.heads(tenant) };
  }
}
