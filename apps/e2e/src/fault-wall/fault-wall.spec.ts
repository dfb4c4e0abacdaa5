import { faults } from '@millrace/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { suiteProfile } from '../harness.ts';
import { playFaults, silentTruncations, type PlayedFault } from './played-faults.ts';

let played: readonly PlayedFault[];
beforeAll(async () => {
  played = await playFaults(suiteProfile);
});

describe('what a client sees of a back end at fault', () => {
  it.each(faults)('$name', ({ name, alone }) => {
    const { stream, whole } = played.find(({ fault }) => fault.name === name)!;
    expect.soft(stream.view, 'as a stream').toEqual(alone.stream);
    expect.soft(whole.view, 'whole').toEqual(alone.whole);
  });
});

it('no answer ends as if it were complete that is not', () => {
  expect(silentTruncations(played)).toEqual([]);
});

it('each answer has one record, with how it ended and what it cost', (context) => {
  context.skip(suiteProfile !== 'standalone', 'the log of the standalone profile is a file');
  const records = played.map(({ fault: { name }, stream, whole }) => [name, stream.records, whole.records]);
  expect(records).toEqual(played.map(({ fault: { name, alone } }) => [name, [alone.record], [alone.record]]));
});
