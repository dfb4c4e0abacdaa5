import { beforeAll, describe, expect, it } from 'vitest';
import { suiteProfile } from '../harness.ts';
import {
  expected,
  nameOf,
  playFaults,
  routedFaults,
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
  it.each(routedFaults)('$route.name: $fault.name', (row) => {
    const seen = played.find((one) => nameOf(one) === nameOf(row))![setting];
    const { stream, whole } = expected(row.fault, setting);
    expect.soft(seen.stream.view, 'as a stream').toEqual(stream);
    expect.soft(seen.whole.view, 'whole').toEqual(whole);
  });
});

it('no answer ends as if it were complete that is not', () => {
  expect(silentTruncations(played)).toEqual([]);
});

it('each answer has one record, with how it ended and what it cost', (context) => {
  context.skip(suiteProfile !== 'standalone', 'the log of the standalone profile is a file');
  const seen = played.map((one) =>
    settings.map((setting) => [nameOf(one), setting, ...ways.map((way) => one[setting][way].records)]),
  );
  const right = played.map((one) =>
    settings.map((setting) => {
      const { record } = expected(one.fault, setting);
      return [nameOf(one), setting, ...ways.map(() => [record])];
    }),
  );
  expect(seen).toEqual(right);
});
