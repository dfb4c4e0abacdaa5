import type { Spoiling } from './spoiling.ts';

/** What the registry says otherwise than the documents were treated. */
export const spoiltRegistry: readonly Spoiling[] = [
  {
    ...{ what: 'a document is gone', seen: ['lost'] },
    spoil: (world) => world.remove('doc-0'),
  },
  {
    ...{ what: 'a change between others never became a version', seen: ['lost'] },
    spoil: (world) => world.show('doc-1', 2, world.putOf('doc-1', 2)),
  },
  {
    ...{ what: 'the last text never became a version', seen: ['lost'] },
    spoil: (world) => world.show('doc-1', 2, world.putOf('doc-1', 1)),
  },
  {
    ...{ what: 'the last version has an earlier text', seen: ['lost'] },
    spoil: (world) => world.show('doc-1', 3, world.putOf('doc-1', 1)),
  },
  {
    ...{ what: 'the last version has earlier metadata', seen: ['lost'] },
    spoil: (world) => world.show('doc-2', 2, world.putOf('doc-2', 0)),
  },
  {
    ...{ what: 'a put after a delete never became a version', seen: ['lost'] },
    spoil: (world) => world.withdraw('doc-4', 2),
  },
  {
    ...{ what: 'a document is deleted by nobody', seen: ['lost'] },
    spoil: (world) => world.withdraw('doc-0', 1),
  },
  {
    ...{ what: 'a delete never became a version', seen: ['lost', 'resurrected'] },
    spoil: (world) => world.show('doc-3', 1, world.putOf('doc-3', 0)),
  },
  {
    ...{ what: 'a delete between two texts never became a version', seen: ['lost'] },
    spoil: (world) => world.show('doc-4', 2, world.putOf('doc-4', 1)),
  },
  {
    ...{ what: 'a put is done twice', seen: ['duplicated'] },
    spoil: (world) => world.show('doc-0', 2, world.putOf('doc-0', 0)),
  },
  {
    ...{ what: 'a delete is done twice', seen: ['duplicated'] },
    spoil: (world) => world.withdraw('doc-3', 3),
  },
  {
    ...{ what: 'a replayed letter brings an earlier text back', seen: ['lost', 'duplicated'] },
    spoil: (world) => world.show('doc-1', 4, world.putOf('doc-1', 0)),
  },
  {
    ...{ what: 'a document is there that nobody pushed', seen: ['duplicated'] },
    spoil: (world) => world.show('doc-99', 1, { mark: 'mark99x', edition: 99 }),
  },
  {
    ...{ what: 'a document is there again by another id', seen: ['lost', 'duplicated', 'mixed'] },
    spoil: (world) => {
      world.show('doc-99', 1, world.putOf('doc-0', 0));
      const again = world.chunks('doc-0').map(({ shows, ...found }) => ({
        shows: { ...shows, document_id: 'doc-99' },
        ...found,
      }));
      world.reindex('doc-99', again);
    },
  },
  {
    ...{ what: 'a document is deleted that nobody pushed', seen: ['duplicated'] },
    spoil: (world) => world.withdraw('doc-99', 1),
  },
  {
    ...{ what: 'a document is listed twice', seen: ['duplicated'] },
    spoil: (world) => void world.listed.push(world.status('doc-0')),
  },
  {
    ...{ what: 'another version than the last is live', seen: ['mixed'] },
    spoil: (world) => void (world.status('doc-1').live_version = 2),
  },
  {
    ...{ what: 'a deleted document is said to be indexed', seen: ['resurrected'] },
    spoil: (world) => world.show('doc-3', 2, world.putOf('doc-3', 0)),
  },
  {
    ...{ what: 'a version of a deleted document is live', seen: ['resurrected'] },
    spoil: (world) => void (world.status('doc-3').live_version = 1),
  },
  {
    ...{ what: 'a version stands still', seen: ['unfinished'] },
    spoil: (world) => void (world.status('doc-1').state = 'embedded'),
  },
  {
    ...{ what: 'a version is given up', seen: ['unfinished'] },
    spoil: (world) => {
      world.status('doc-1').state = 'dead-lettered';
      world.giveUp('doc-1', 3);
    },
  },
  {
    ...{ what: 'a letter is left of a version that was overtaken', seen: ['unfinished'] },
    spoil: (world) => world.giveUp('doc-1', 2),
  },
  {
    ...{ what: 'a letter is left of an event', seen: ['unfinished'] },
    spoil: (world) => world.giveUp('doc-1'),
  },
];
