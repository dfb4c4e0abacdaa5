import type { VectorQuery } from '@millrace/ports';
import { is, isAny, isEmpty, some, type Condition } from './conditions.ts';
import { metadataCondition } from './metadata-filter.ts';

/** What a chunk must be like to be found: of the tenant, admitted by its access list, and as the filter says. */
export function admission({
  tenant,
  access,
  filter,
}: Pick<VectorQuery, 'tenant' | 'access' | 'filter'>): Condition[] {
  const admitted = access.length === 0 ? isEmpty('acl') : some([isEmpty('acl'), isAny('acl', access)]);
  return [is('tenant', tenant), admitted, ...(filter ? [metadataCondition(filter)] : [])];
}
