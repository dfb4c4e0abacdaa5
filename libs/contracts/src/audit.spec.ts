import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { adminRoutes } from './admin-routes.ts';
import { auditActions } from './audit-actions.ts';
import { canonicalJson, hashedText } from './audit.ts';
import type { RouteSpec } from './route-spec.ts';
import { routes } from './routes.ts';

describe('the text that an audit entry is hashed of', () => {
  const entry = {
    ...{ tenant: 'acme', sequence: 2, at: '2026-03-01T12:00:00.000Z' },
    ...{ actor: { tenant: 'acme', name: 'user:ann', key: 'k-1' }, action: 'key.create' },
    ...{ object: 'key:é"\\\n\u2028', outcome: 'done' },
    details: { rights: ['read', 'write'], count: 3, first: true },
    previous: '0'.repeat(64),
  };

  /** As Python's `json.dumps(entry, sort_keys=True, separators=(',', ':'), ensure_ascii=False)` writes it. */
  const text =
    '{"action":"key.create","actor":{"key":"k-1","name":"user:ann","tenant":"acme"},' +
    '"at":"2026-03-01T12:00:00.000Z","details":{"count":3,"first":true,"rights":["read","write"]},' +
    `"object":"key:é\\"\\\\\\n\u2028","outcome":"done","previous":"${'0'.repeat(64)}","sequence":2,"tenant":"acme"}`;

  it('is what other languages write, whatever hash the entry names', () => {
    expect(hashedText(entry)).toBe(text);
    expect(hashedText({ ...entry, hash: 'f'.repeat(64) })).toBe(text);
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      '6e52865e27e3579fc196e036da2fafe7db1402a8b69264dc380cb4a6d78d89fc',
    );
  });

  it('orders members as RFC 8785 does, by UTF-16 units', () => {
    expect(
      canonicalJson({ '\ufb33': 1, '\ud83d\ude00': 2, '\r': 3, 1: 4, '\u20ac': [{ b: null, a: 1e21 }] }),
    ).toBe('{"\\r":3,"1":4,"\u20ac":[{"a":1e+21,"b":null}],"\ud83d\ude00":2,"\ufb33":1}');
  });
});

describe('the table of routes', () => {
  const audits = (table: Record<string, RouteSpec>) =>
    Object.values(table).flatMap(({ audits = [] }) => audits);

  it('says of every admin route that changes something what is audited, of none that only reads', () => {
    for (const { method, path, audits } of Object.values<RouteSpec>(adminRoutes))
      expect([path, audits !== undefined]).toEqual([path, method !== 'GET']);
  });

  it('leaves to Millrace itself what nobody asks for', () => {
    const asked = new Set(audits(routes));
    expect(auditActions.filter((action) => !asked.has(action))).toEqual([
      'document.erase',
      'answer.moderate',
      'access.refuse',
    ]);
  });
});
