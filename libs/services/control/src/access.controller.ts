import { randomBytes } from 'node:crypto';
import { Controller, Inject } from '@nestjs/common';
import {
  calls,
  MillraceError,
  routes,
  type CallInput,
  type CallOutput,
  type Principal,
} from '@millrace/contracts';
import {
  CLOCK,
  REGISTRY,
  type Clock,
  type KeyRecord,
  type NewAuditEntry,
  type Registry,
} from '@millrace/ports';
import {
  HandleCall,
  HandleRoute,
  hashKey,
  keyPrefix,
  KnownKeys,
  type RouteRequest,
} from '@millrace/platform';
import { v7 as uuid } from 'uuid';
import { audited } from './audit/audited.ts';
import { isOperator, knownScopeOf, notOperator, operatorTenant, scopeOf } from './admin-scope.ts';

const instant = (epochMs: number): string => new Date(epochMs).toISOString();

/** Tenants and their keys. */
@Controller()
export class AccessController {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(KnownKeys) private readonly known: KnownKeys,
  ) {}

  @HandleCall(calls.authenticate)
  async authenticate({
    keyHash,
  }: CallInput<typeof calls.authenticate>): Promise<CallOutput<typeof calls.authenticate>> {
    return { principal: (await this.registry.access.findKey(keyHash)) ?? null };
  }

  @HandleRoute(routes.createTenant)
  async createTenant({ principal, body: { name } }: RouteRequest<typeof routes.createTenant>) {
    if (!isOperator(principal)) throw notOperator();
    const at = this.clock.now();
    const audit = audited(routes.createTenant, { by: principal, at, tenant: name, object: `tenant:${name}` });
    if (name === operatorTenant || !(await this.registry.access.createTenant(name, at, audit)))
      throw new MillraceError('already_exists', { param: 'name' });
    return { name, created_at: instant(at) };
  }

  @HandleRoute(routes.listTenants)
  async listTenants({ principal }: RouteRequest<typeof routes.listTenants>) {
    const own = scopeOf(principal);
    const tenants = (await this.registry.access.tenants()).filter(({ name }) => name === (own ?? name));
    return { data: tenants.map(({ name, createdAt }) => ({ name, created_at: instant(createdAt) })) };
  }

  @HandleRoute(routes.createKey)
  async createKey({ principal, body }: RouteRequest<typeof routes.createKey>) {
    const { tenant, name, groups, rights } = body;
    await knownScopeOf(this.registry, principal, tenant, 'tenant');
    const key = keyPrefix + randomBytes(32).toString('base64url');
    const record = {
      id: uuid(),
      name,
      principal: { tenant, name: `user:${name}`, groups, rights },
      createdAt: this.clock.now(),
    };
    const audit = audited(routes.createKey, {
      ...{ by: principal, at: record.createdAt, tenant, object: `key:${record.id}` },
      details: { principal: record.principal.name, groups, rights },
    });
    await this.registry.access.createKey({ ...record, hash: hashKey(key) }, audit);
    return { ...shown(record), key };
  }

  @HandleRoute(routes.listKeys)
  async listKeys({ principal, query }: RouteRequest<typeof routes.listKeys>) {
    const tenant = await knownScopeOf(this.registry, principal, query.tenant, 'query.tenant');
    return { data: (await this.registry.access.keys(tenant)).map(shown) };
  }

  @HandleRoute(routes.revokeKey)
  async revokeKey({ principal, params: { id } }: RouteRequest<typeof routes.revokeKey>): Promise<null> {
    const within = await this.registry.access.keys(scopeOf(principal));
    const known = within.find((key) => key.id === id);
    if (!known || !(await this.registry.access.revokeKey(id, this.revocation(principal, known))))
      throw new MillraceError('key_not_found');
    this.known.forgetAll();
    return null;
  }

  private revocation(by: Principal, { id, principal: { tenant, name } }: KeyRecord): NewAuditEntry {
    const about = { tenant, object: `key:${id}`, details: { principal: name } };
    return audited(routes.revokeKey, { by, at: this.clock.now(), ...about });
  }
}

const shown = ({ id, name, principal, createdAt }: KeyRecord) => ({
  id,
  name,
  tenant: principal.tenant,
  groups: principal.groups,
  rights: principal.rights,
  created_at: instant(createdAt),
});
