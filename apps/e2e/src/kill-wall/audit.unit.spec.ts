import { describe, expect, it } from 'vitest';
import { Audit } from './audit.ts';
import type { Faults } from './faults.ts';
import { rightWorld } from './testing/right-world.ts';
import { spoiltAnswers } from './testing/spoilt-answers.ts';
import { spoiltIndex } from './testing/spoilt-index.ts';
import { spoiltRegistry } from './testing/spoilt-registry.ts';
import { World } from './testing/world.ts';
import { nameOf } from './texts.ts';

const audit = (world: World): Promise<Faults> =>
  new Audit(world, world.journal, { deletesUnknown: world.way === 'topic' }).run(world.listed);

const spoilings = [...spoiltRegistry, ...spoiltAnswers, ...spoiltIndex];

const nothing: Faults = { lost: [], duplicated: [], mixed: [], resurrected: [], unfinished: [] };

describe.each(['http', 'topic'] as const)('what came by %s', (way) => {
  it('is without faults in a right world', async () => {
    expect(await audit(rightWorld(way))).toEqual(nothing);
  });

  it('is without faults where a name finds another document by chance', async () => {
    const world = rightWorld(way);
    world.chunks('doc-1')[0]!.terms += nameOf('doc-0');
    expect(await audit(world)).toEqual(nothing);
  });

  it.each(spoilings.filter((one) => (one.way ?? way) === way))(
    'is seen to be spoilt when $what',
    async ({ spoil, seen }) => {
      const world = rightWorld(way);
      spoil(world);
      const faults = Object.entries(await audit(world)).filter(
        ([, found]: [string, string[]]) => found.length > 0,
      );
      expect(
        faults.map(([name]) => name),
        JSON.stringify(faults),
      ).toEqual(seen);
    },
  );
});

it('looks at the vectors of 200 documents at most, from the first to the last', async () => {
  const world = new World('topic');
  const ids = Array.from({ length: 500 }, (_, n) => `doc-${n}`);
  for (const id of ids) world.document(id, (history) => history.put());
  await audit(world);
  const asked = new Set(world.asked);
  const looked = ids.filter((id) => world.chunks(id).every(({ shows }) => asked.has(shows.text)));
  expect(looked).toHaveLength(200);
  expect([looked[0], looked[100], looked[199]]).toEqual(['doc-0', 'doc-250', 'doc-497']);
});
