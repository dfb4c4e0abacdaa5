import { faults } from '@millrace/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { suiteProfile } from '../harness.ts';
import {
  expected,
  playFaults,
  settings,
  silentTruncations,
  ways,
  type PlayedFault,
} from './played-faults.ts';

let played: readonly PlayedFault[];
beforeAll(async () => {
  played = await playFaults(suiteProfile);
});

describe.each(settings)('what a client sees of a back end at fault, %s', (setting) => {
  it.each(faults)('$name', (fault) => {
    const seen = played.find((one) => one.fault.name === fault.name)![setting];
    const { stream, whole } = expected(fault, setting);
    expect.soft(seen.stream.view, 'as a stream').toEqual(stream);
    expect.soft(seen.whole.view, 'whole').toEqual(whole);
  });
});

it('no answer ends as if it were complete that is not', () => {
  expect(silentTruncations(played)).toEqual([]);
});

it('each answer has one record, with how it ended and what it cost', (context) => {
  context.skip(suiteProfile !== 'standalone', 'the log of the standalone profile is a file');
  const seen = played.map(({ fault, ...one }) =>
    settings.map((setting) => [fault.name, setting, ...ways.map((way) => one[setting][way].records)]),
  );
  const right = played.map(({ fault }) =>
    settings.map((setting) => {
      const { record } = expected(fault, setting);
      return [fault.name, setting, ...ways.map(() => [record])];
    }),
  );
  expect(seen).toEqual(right);
});
