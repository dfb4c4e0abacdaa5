import { deadLetterTopic, events, type AnyEventSpec } from './events.ts';

/** A topic as the log has to have it. */
export interface TopicDeclaration {
  readonly name: string;
  readonly partitions: number;
  readonly retentionHours: number;
  readonly compacted: boolean;
}

/** Dead letters outlive what they came from, unless they hold content: then they go with it. */
const deadLetterHours = 24 * 90;

/**
 * A log lets go of whole segments, and of each once its newest record is past the retention: a record stays for so much
 * longer at most.
 */
export const logSegmentHours = 24;

/** Every topic of the table and its dead-letter topic: the one list that topics are made from and compared with. */
export const topics = (): readonly TopicDeclaration[] =>
  Object.values<AnyEventSpec>(events).flatMap(({ name, partitions, retentionHours, compacted, carries }) => [
    { name, partitions, retentionHours, compacted },
    {
      name: deadLetterTopic(name),
      partitions: 1,
      retentionHours: carries === 'cloud-event' ? retentionHours : deadLetterHours,
      compacted: false,
    },
  ]);

const names: ReadonlySet<string> = new Set(topics().map(({ name }) => name));

/** False for what another version of Millrace may have had, or a writer from outside made up. */
export const isTopic = (name: string): boolean => names.has(name);
