import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OffsetCommits, type PlaceOffset } from './offset-commits.ts';

const place = (partition: number) => ({ topic: 'facts', partition });

/** Requests that are answered by hand. */
function requests() {
  const sent: { moved: readonly PlaceOffset[]; answer: PromiseWithResolvers<void> }[] = [];
  const commits = new OffsetCommits((moved) => {
    const answer = Promise.withResolvers<void>();
    sent.push({ moved, answer });
    return answer.promise;
  });
  return {
    commits,
    sent,
    partitions: () => sent.map(({ moved }) => moved.map(({ partition }) => partition)),
  };
}

describe('OffsetCommits', () => {
  it('sends the first at once, and what comes meanwhile together', async () => {
    const { commits, sent, partitions } = requests();
    const first = commits.commit(place(0), 5);
    const others = [1, 2, 3].map((partition) => commits.commit(place(partition), 7));
    expect(partitions()).toEqual([[0]]);
    expect(sent[0]!.moved).toEqual([{ ...place(0), offset: 5 }]);
    sent[0]!.answer.resolve();
    await first;
    await nextTurn();
    expect(partitions()).toEqual([[0], [1, 2, 3]]);
    sent[1]!.answer.resolve();
    await Promise.all(others);
  });

  it('tells those whose request failed, and goes on with the next', async () => {
    const { commits, sent } = requests();
    const lost = commits.commit(place(0), 5);
    const kept = commits.commit(place(1), 6);
    sent[0]!.answer.reject(new Error('fenced'));
    await expect(lost).rejects.toThrow('fenced');
    await nextTurn();
    sent[1]!.answer.resolve();
    await kept;
    // In the same breath, when the loop may be about to end.
    const again = commits.commit(place(0), 5);
    await nextTurn();
    sent[2]!.answer.resolve();
    await again;
  });
});
