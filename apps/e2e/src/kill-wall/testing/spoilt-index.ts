import type { Spoiling } from './spoiling.ts';
import { chunksOf, type IndexedChunk } from './world.ts';

/** What searches find otherwise than it was pushed. */
export const spoiltIndex: readonly Spoiling[] = [
  {
    ...{ what: 'the index has the version before', seen: ['lost'] },
    spoil: (world) => world.reindex('doc-1', chunksOf('doc-1', 2, world.putOf('doc-1', 1))),
  },
  {
    ...{ what: 'the index has nothing', seen: ['lost'] },
    spoil: (world) => world.reindex('doc-0', []),
  },
  {
    ...{ what: 'nothing was cut from a text', seen: ['lost'] },
    spoil: (world) => {
      world.reindex('doc-0', []);
      world.status('doc-0').chunks = 0;
    },
  },
  {
    ...{ what: 'a chunk is missing', seen: ['lost'] },
    spoil: (world) => world.reindex('doc-0', world.chunks('doc-0').toSpliced(1, 1)),
  },
  {
    ...{ what: 'a chunk is missing in the registry as well', seen: ['lost'] },
    spoil: (world) => {
      world.reindex('doc-0', world.chunks('doc-0').toSpliced(2, 1));
      world.status('doc-0').chunks = 2;
    },
  },
  {
    ...{ what: 'a chunk ends in the middle', seen: ['lost'] },
    spoil: (world) => {
      const { shows } = shorten(world.chunks('doc-0')[1]!);
      shows.end = shows.start + shows.text.length;
    },
  },
  {
    ...{ what: 'a chunk shows less than lies between its offsets', seen: ['lost'] },
    spoil: (world) => void shorten(world.chunks('doc-0')[1]!),
  },
  {
    ...{ what: 'a chunk is not found by its words', seen: ['lost'] },
    spoil: (world) => void (world.chunks('doc-0')[1]!.terms = ''),
  },
  {
    ...{ what: 'the words of a chunk are those of an earlier text', seen: ['mixed'] },
    spoil: (world) => {
      const [stale] = chunksOf('doc-1', 2, world.putOf('doc-1', 1));
      world.chunks('doc-1')[0]!.terms = stale!.terms;
    },
  },
  {
    ...{ what: 'a chunk has no vector', seen: ['lost'] },
    spoil: (world) => void (world.chunks('doc-0')[1]!.vectorOf = undefined),
  },
  {
    ...{ what: 'a chunk is there twice', seen: ['duplicated'] },
    spoil: (world) => void world.index.push(world.chunks('doc-0')[1]!),
  },
  {
    ...{ what: 'a chunk is there twice, and so counted by the registry', seen: ['duplicated'] },
    spoil: (world) => {
      world.index.push(world.chunks('doc-0')[1]!);
      world.status('doc-0').chunks = 4;
    },
  },
  {
    ...{ what: 'a chunk of the version before is left', seen: ['duplicated', 'mixed'] },
    spoil: (world) => void world.index.push(chunksOf('doc-1', 2, world.putOf('doc-1', 1))[0]!),
  },
  {
    ...{ what: 'a chunk is of the version before', seen: ['mixed'] },
    spoil: (world) => {
      const [stale] = chunksOf('doc-1', 2, world.putOf('doc-1', 1));
      world.reindex('doc-1', world.chunks('doc-1').with(0, stale!));
    },
  },
  {
    ...{ what: 'a chunk has earlier metadata', seen: ['mixed'] },
    spoil: (world) => {
      world.chunks('doc-2')[2]!.shows.metadata = { edition: world.putOf('doc-2', 0).edition };
    },
  },
  {
    ...{ what: 'a chunk has the number of another version', seen: ['mixed'] },
    spoil: (world) => void (world.chunks('doc-1')[1]!.shows.version = 2),
  },
  {
    ...{ what: 'the index has another number for the version', seen: ['mixed'] },
    spoil: (world) => world.reindex('doc-1', chunksOf('doc-1', 2, world.putOf('doc-1', 2))),
  },
  {
    ...{ what: 'a chunk has the text of another document', seen: ['lost', 'mixed'] },
    spoil: (world) => {
      const [own, other] = ['doc-0', 'doc-1'].map((id) => world.chunks(id)[1]!);
      own!.terms = own!.shows.text = other!.shows.text;
    },
  },
  {
    ...{ what: 'the vectors of two chunks are exchanged', seen: ['mixed'] },
    spoil: (world) => {
      const [first, second] = world.chunks('doc-0');
      [first!.vectorOf, second!.vectorOf] = [second!.vectorOf, first!.vectorOf];
    },
  },
  {
    ...{ what: 'a vector is that of an earlier text', seen: ['mixed'] },
    spoil: (world) => {
      const [stale] = chunksOf('doc-1', 2, world.putOf('doc-1', 1));
      world.chunks('doc-1')[0]!.vectorOf = stale!.vectorOf;
    },
  },
  {
    ...{ what: 'a deleted document is found', seen: ['resurrected'] },
    spoil: (world) => void world.index.push(...chunksOf('doc-3', 1, world.putOf('doc-3', 0))),
  },
  {
    ...{ what: 'a document is found that was never there', seen: ['resurrected'], way: 'http' },
    spoil: (world) => void world.index.push(...chunksOf('doc-6', 1, { mark: 'mark99x', edition: 99 })),
  },
];

/** Cuts the end off, for its vector too. */
function shorten(chunk: IndexedChunk): IndexedChunk {
  chunk.vectorOf = chunk.shows.text = chunk.shows.text.slice(0, -100);
  return chunk;
}
