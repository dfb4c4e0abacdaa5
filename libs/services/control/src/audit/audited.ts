import { actorOf, type AuditDetails, type Principal, type RouteSpec } from '@millrace/contracts';
import type { NewAuditEntry } from '@millrace/ports';

type AuditedRoute = RouteSpec & Required<Pick<RouteSpec, 'audits'>>;

interface Deed<R extends AuditedRoute> {
  readonly by: Principal;
  readonly at: number;
  /** Whose chain it goes into: that of the tenant it is about. */
  readonly tenant: string;
  readonly object: string;
  readonly details?: AuditDetails;
  /** Default: the first that the route names. */
  readonly action?: R['audits'][number];
}

/** The entry that goes along with what an admin's request changes. */
export const audited = <R extends AuditedRoute>(
  { audits }: R,
  { by, at, tenant, object, details = {}, action = audits[0] }: Deed<R>,
): NewAuditEntry => ({ tenant, at, actor: actorOf(by), action, object, outcome: 'done', details });
