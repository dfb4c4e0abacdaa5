import type { DocumentVersion } from '@millrace/contracts';
import type { Schemas } from '@qdrant/js-client-rest';

export type Filter = Schemas['Filter'];
export type Condition = Schemas['Condition'];

export const is = (key: string, value: string | number): Condition => ({ key, match: { value } });
export const isAny = (key: string, any: readonly string[]): Condition => ({ key, match: { any: [...any] } });
export const within = (key: string, range: Schemas['Range']): Condition => ({ key, range });
export const isEmpty = (key: string): Condition => ({ is_empty: { key } });

export const all = (...must: Condition[]): Filter => ({ must });
export const some = (should: Condition[]): Filter => (should.length === 0 ? nothing : { should });
export const not = (must_not: Condition): Filter => ({ must_not: [must_not] });
export const nothing: Filter = { must: [{ has_id: [] }] };

/** The chunks of a document, of every version. */
export const ofDocument = ({ tenant, document }: Omit<DocumentVersion, 'version'>): Condition[] => [
  is('tenant', tenant),
  is('document', document),
];
