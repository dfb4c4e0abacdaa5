import type { Spoiling } from './spoiling.ts';

/** What was told over HTTP, and does not fit. */
export const spoiltAnswers: readonly Spoiling[] = [
  {
    ...{ what: 'two changes are told the same version', seen: ['lost'], way: 'http' },
    spoil: (world) => {
      world.putOf('doc-1', 1).version = 1;
      world.putOf('doc-1', 2).version = 2;
      world.show('doc-1', 2, world.putOf('doc-1', 2));
    },
  },
  {
    ...{ what: 'a change is told a version too many', seen: ['duplicated'], way: 'http' },
    spoil: (world) => {
      world.putOf('doc-0', 0).version = 2;
      world.show('doc-0', 2, world.putOf('doc-0', 0));
    },
  },
  {
    ...{ what: 'a delete is told that there is no such document', seen: ['lost'], way: 'http' },
    spoil: (world) => {
      const [, withdrawal] = world.journal.get('doc-3')!;
      withdrawal!.version = 0;
      delete withdrawal!.acknowledged;
      world.remove('doc-3');
    },
  },
  {
    ...{ what: 'there are more versions than tries', seen: ['duplicated'], way: 'http' },
    spoil: (world) => world.show('doc-10', 3, world.putOf('doc-10', 0)),
  },
  {
    ...{
      what: 'a try without an answer came in the place of the change after it',
      seen: ['lost'],
      way: 'http',
    },
    spoil: (world) => world.show('doc-10', 1, world.putOf('doc-10', 0)),
  },
];
