import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OffsetCommits, type PlaceOffset } from './offset-commits.ts';

const place = (partition: number) => ({ topic: 'facts', partition });

/** Requests that are answered by hand. In a hurry unless it rests. */
function requests(restMs?: number) {
  const sent: { moved: readonly PlaceOffset[]; answer: PromiseWithResolvers<void> }[] = [];
  const commits = new OffsetCommits((moved) => {
    const answer = Promise.withResolvers<void>();
    sent.push({ moved, answer });
    return answer.promise;
  }, restMs ?? 60_000);
  if (restMs === undefined) commits.hurry();
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

  it('rests after a request, and sends the newest offset of each place then', async () => {
    const { commits, sent } = requests(20);
    const first = commits.commit(place(0), 5);
    sent[0]!.answer.resolve();
    await first;
    const others = [commits.commit(place(0), 6), commits.commit(place(1), 3), commits.commit(place(0), 7)];
    await nextTurn();
    expect(sent).toHaveLength(1);
    await pause(40);
    expect(sent[1]!.moved).toEqual([
      { ...place(0), offset: 7 },
      { ...place(1), offset: 3 },
    ]);
    sent[1]!.answer.resolve();
    await Promise.all(others);
  });

  it('ends its rest when others wait, and rests again when they no longer do', async () => {
    const { commits, sent } = requests(60_000);
    void commits.commit(place(0), 5);
    sent[0]!.answer.resolve();
    await nextTurn();
    void commits.commit(place(0), 6);
    await nextTurn();
    expect(sent).toHaveLength(1);
    commits.hurry();
    await nextTurn();
    expect(sent).toHaveLength(2);
    commits.calm();
    sent[1]!.answer.resolve();
    void commits.commit(place(0), 7);
    await nextTurn();
    expect(sent).toHaveLength(2);
  });

  it('does not send what is withdrawn, and says so', async () => {
    const { commits, sent } = requests(20);
    const first = commits.commit(place(0), 5);
    const withdrawn = commits.commit(place(0), 6);
    const kept = commits.commit(place(1), 3);
    commits.withdraw(place(0));
    await expect(withdrawn).rejects.toThrow('given to another member');
    sent[0]!.answer.resolve();
    await first;
    await pause(40);
    expect(sent[1]!.moved).toEqual([{ ...place(1), offset: 3 }]);
    sent[1]!.answer.resolve();
    await kept;
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
