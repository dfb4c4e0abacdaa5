import { expect, it } from 'vitest';
import { IntakePace } from './intake-pace.ts';

it('lets the pushes of a tenant through one after the other, each tenant for itself', async () => {
  const due: (() => void)[] = [];
  const pace = new IntakePace(() => new Promise((resolve) => due.push(resolve)));
  const through: string[] = [];
  const turns = ['a', 'a', 'b'].map((tenant, n) =>
    pace.turn(tenant).then(() => through.push(`${tenant}${n}`)),
  );
  const next = async (): Promise<void> => {
    for (const resolve of due.splice(0)) resolve();
    await new Promise(setImmediate);
  };
  await new Promise(setImmediate);
  expect(due).toHaveLength(2);
  await next();
  expect(through).toEqual(['a0', 'b2']);
  await next();
  await Promise.all(turns);
  expect(through).toEqual(['a0', 'b2', 'a1']);
});
