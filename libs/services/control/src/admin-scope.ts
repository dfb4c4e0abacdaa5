import { MillraceError, type Principal } from '@millrace/contracts';
import type { Registry } from '@millrace/ports';

/** Always there. Its admins look after the whole installation; those of any other tenant after that tenant alone. */
export const operatorTenant = 'default';

export const isOperator = ({ tenant }: Principal): boolean => tenant === operatorTenant;

/** The tenant that an admin's request is confined to; undefined: all. Throws `forbidden` for another tenant than its own. */
export function scopeOf(principal: Principal, asked?: string): string | undefined {
  if (isOperator(principal)) return asked;
  if (asked !== undefined && asked !== principal.tenant) throw notOperator();
  return principal.tenant;
}

/** The same, where the tenant must be there: what is asked of a mistyped one would look like an empty one. */
export async function knownScopeOf(
  { access }: Pick<Registry, 'access'>,
  principal: Principal,
  asked: string | undefined,
  param: string,
): Promise<string | undefined> {
  const tenant = scopeOf(principal, asked);
  const isThere = async () => (await access.tenants()).some(({ name }) => name === tenant);
  if (tenant !== undefined && tenant !== operatorTenant && !(await isThere()))
    throw new MillraceError('tenant_not_found', { param });
  return tenant;
}

export const notOperator = (): MillraceError =>
  new MillraceError('forbidden', {
    detail: `an admin of another tenant than ${operatorTenant} looks after that tenant alone`,
  });
