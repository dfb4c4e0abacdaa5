import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

describe('the options of npm run topics', () => {
  it('describe and change nothing unless told otherwise', () => {
    expect(readOptions([])).toEqual({
      command: 'describe',
      may: { settings: false, partitions: false },
      json: false,
      help: false,
    });
  });

  it('permit each kind of change by itself', () => {
    expect(readOptions(['apply', '--add-partitions']).may).toEqual({ settings: false, partitions: true });
    expect(readOptions(['apply', '--change-settings']).may).toEqual({ settings: true, partitions: false });
  });

  it.each([
    [['remove'], /no command remove/],
    [['apply', 'documents.v1'], /no command apply documents\.v1/],
    [['describe', '--add-partitions'], /belong to apply/],
    [['apply', '--force'], /--force/],
  ])('refuse %s in plain words', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
