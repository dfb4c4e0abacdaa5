import { logSegmentHours } from '@millrace/contracts';
import type { TopicSpec } from '@millrace/ports';

/** How a topic should be; those of `topics()` in contracts fit. */
export interface TopicWish extends TopicSpec {
  /** True when only the newest record of each key has to be kept. Default false. */
  readonly compacted?: boolean;
}

const hourMs = 3_600_000;

/** The settings of a topic that a wish decides, by Kafka's names. */
export const settingsOf = ({ retentionHours, compacted = false }: TopicWish): Record<string, string> => ({
  'retention.ms': String(Math.round(retentionHours * hourMs)),
  'segment.ms': String(logSegmentHours * hourMs),
  'cleanup.policy': compacted ? 'compact,delete' : 'delete',
});
