import { expect, it } from 'vitest';
import { table } from './status.mjs';
import { whereIs } from './where-is.mjs';

it('shows rows as columns', () => {
  const rows = [
    ['ENGINE', 'STATE', 'REMARK'],
    ['Redis', 'up', ''],
    ['Kafka 4.4.0', 'down', 'gone'],
  ];
  expect(table(rows)).toEqual(['ENGINE       STATE  REMARK', 'Redis        up', 'Kafka 4.4.0  down   gone']);
});

it('shows an address without user and password, and says what stands in for Qdrant', () => {
  expect(whereIs({ url: 'postgres://millrace:secret@127.0.0.1:5/db' })).toBe('postgres://127.0.0.1:5/db');
  expect(whereIs({ brokers: ['127.0.0.1:1', '127.0.0.1:2'] })).toBe('127.0.0.1:1,127.0.0.1:2');
  expect(whereIs({ url: 'http://127.0.0.1:1', kind: 'edge' })).toContain('not the server');
});
