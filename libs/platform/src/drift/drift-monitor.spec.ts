import { events, type EventSpec } from '@millrace/contracts';
import { describe, expect, it, vi } from 'vitest';
import type { EventPublisher } from '../messaging/event-publisher.ts';
import type { Logger } from '../telemetry/logger.ts';
import { DriftMonitor } from './drift-monitor.ts';

const [model, another] = ['a', 'b'].map((letter) => letter.repeat(64)) as [string, string];

function monitoring({ enabled = true, fails = false } = {}) {
  const published: { topic: string; data: unknown }[] = [];
  const publisher = {
    publish: async (spec: EventSpec, data: unknown) => {
      published.push({ topic: spec.name, data: spec.schema.parse(data) });
      if (fails) throw new Error('the log is away');
    },
  } as unknown as EventPublisher;
  const logger = { warn: vi.fn(), error: vi.fn() };
  const settings = { enabled, samples: 20, minutes: 0, oneFalseAlarmIn: 1000 };
  const monitor = new DriftMonitor(publisher, logger as unknown as Logger, settings);
  const compared = async (times: number): Promise<void> =>
    vi.waitFor(() => {
      const figures = monitor.figures();
      expect(figures.reduce((sum, { comparisons }) => sum + comparisons, 0)).toBe(times);
    });
  return { monitor, published, logger, compared };
}

const near = (axis: number): Float32Array => {
  const vector = Float32Array.from({ length: 8 }, () => Math.random() / 4);
  vector[axis] = 1;
  return vector.map((part) => part / Math.hypot(...vector));
};

const times = (count: number, note: () => void): void => {
  for (let n = 0; n < count; n++) note();
};

describe('DriftMonitor', () => {
  it('tells of drift on the topic of the service that saw it, in figures alone', async () => {
    const { monitor, published, logger, compared } = monitoring();
    for (const axis of [0, 1]) {
      times(20, () => monitor.noteVector('document', model, near(axis)));
      times(20, () => monitor.noteVector('query', model, near(axis)));
      times(20, () => monitor.noteScore(model, axis + Math.random()));
    }
    await compared(3);
    await vi.waitFor(() => expect(published).toHaveLength(3));
    for (const [kind, { name }] of [
      ['document', events.embeddingDrifted],
      ['query', events.retrievalDrifted],
      ['score', events.retrievalDrifted],
    ] as const)
      expect(published).toContainEqual({
        topic: name,
        data: {
          ...{ kind, model, pValue: 0.001, threshold: 0.001 },
          statistic: expect.any(Number) as number,
          at: expect.any(String) as string,
          reference: expect.objectContaining({ samples: 20 }) as object,
          window: expect.objectContaining({ samples: 20 }) as object,
        },
      });
    expect(logger.warn).toHaveBeenCalledTimes(3);
  });

  it('never compares vectors of one model with those of another', async () => {
    const { monitor, published, compared } = monitoring();
    times(40, () => monitor.noteVector('query', model, Float32Array.of(1, 0)));
    times(40, () => monitor.noteVector('query', another, Float32Array.of(0, 1)));
    await compared(2);
    expect(published).toEqual([]);
  });

  it('forgets the model that it has known longest when there is a third', () => {
    const { monitor } = monitoring();
    for (const one of [model, another, 'c']) monitor.noteVector('query', one, near(0));
    expect(monitor.figures().map((figures) => figures.model)).toEqual([another, 'c']);
  });

  it('goes on where the event cannot be published', async () => {
    const { monitor, published, logger } = monitoring({ fails: true });
    for (const score of [1, 2]) times(20, () => monitor.noteScore(model, score + Math.random()));
    await vi.waitFor(() => expect(logger.error).toHaveBeenCalledTimes(1));
    expect(published).toHaveLength(1);
  });

  it('watches nothing when it is turned off', () => {
    const { monitor } = monitoring({ enabled: false });
    times(50, () => monitor.noteScore(model, 1));
    times(50, () => monitor.noteVector('query', model, near(0)));
    expect(monitor.figures()).toEqual([]);
  });
});
