import { MillraceError, type Principal } from '@millrace/contracts';

/** Its admins look after the whole installation; those of any other tenant after that tenant alone. */
const operatorTenant = 'default';

export const isOperator = ({ tenant }: Principal): boolean => tenant === operatorTenant;

/** The tenant that an admin's request is confined to; undefined: all. Throws `forbidden` for another tenant than its own. */
export function scopeOf(principal: Principal, asked?: string): string | undefined {
  if (isOperator(principal)) return asked;
  if (asked !== undefined && asked !== principal.tenant) throw notOperator();
  return principal.tenant;
}

export const notOperator = (): MillraceError =>
  new MillraceError('forbidden', {
    detail: `an admin of another tenant than ${operatorTenant} looks after that tenant alone`,
  });
