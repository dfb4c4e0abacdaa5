import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { MillraceError } from '@millrace/contracts';
import { protocolError } from '../connection/kafka-error.ts';
import { settled } from '../connection/within.ts';
import { FetchWatch } from './fetch-watch.ts';
import { keepingAssigner } from './keeping-assigner.ts';
import type { Lanes, PartitionSource } from './lanes.ts';
import { logRecord } from './log-record.ts';
import { OffsetCommits, type PlaceOffset } from './offset-commits.ts';
import type { Place } from './place.ts';

export interface GroupTimes {
  /** Milliseconds without a sign of life after which the group gives a member's partitions to others. */
  readonly sessionMs: number;
  /** Milliseconds that running handlers get when the group is dealt out anew; the others wait that long for them. */
  readonly drainMs: number;
}

/** Signs of life in the time of a session. */
const heartbeats = 6;
/** Longest wait of a fetch for records, and so for a partition that was paused and is not any more. */
const fetchMs = 500;
/** From one commit of offsets to the next: each is a question and an answer for all partitions. */
const commitMs = 500;
/** For the other members, beyond the time that their handlers have. */
const rejoinMs = 20_000;
/** Without a fetch for so long, beyond what joining may take, a consumer hangs. */
const stuckMs = 30_000;
const leaveMs = 5_000;
/** The group has taken the partition from us. */
const fenced: ReadonlySet<string | undefined> = new Set([
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'FENCED_INSTANCE_ID',
]);

/**
 * One membership of a group, from joining to leaving or failing. It never waits for a handler: records go to the lanes,
 * and the loop that fetches goes on and gives signs of life, however long handlers take.
 */
export class GroupMember implements PartitionSource {
  /** Resolves with the reason when the membership has failed. */
  readonly failed: Promise<unknown>;
  readonly joined: Promise<void>;
  private readonly fail: (reason: unknown) => void;
  private readonly nowJoined: () => void;
  private readonly consumer: Consumer;
  private readonly watch = new FetchWatch();
  private readonly commits = new OffsetCommits((moved) => this.moveOffsets(moved), commitMs);
  private readonly guard: NodeJS.Timeout;
  private memberId: string | undefined;
  private beat: (() => Promise<void>) | undefined;

  constructor(
    kafka: Kafka,
    private readonly group: string,
    private readonly lanes: Lanes,
    private readonly times: GroupTimes,
  ) {
    ({ promise: this.failed, resolve: this.fail } = Promise.withResolvers<unknown>());
    ({ promise: this.joined, resolve: this.nowJoined } = Promise.withResolvers<void>());
    this.consumer = kafka.consumer(this.config());
    this.listen();
    this.guard = setInterval(() => this.checkFetches(), stuckMs / 3).unref();
  }

  /** Resolves when the group has taken us in, or when that has failed. */
  async join(topics: readonly string[]): Promise<void> {
    try {
      await this.consumer.connect();
      await this.consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await this.consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.hand(payload),
      });
    } catch (error) {
      this.fail(error);
    }
  }

  /** Leaves the group. */
  async leave(): Promise<void> {
    clearInterval(this.guard);
    await settled(leaveMs, this.consumer.disconnect());
  }

  pause({ topic, partition }: Place): void {
    whileRunning(() => this.consumer.pause([{ topic, partitions: [partition] }]));
  }

  resume({ topic, partition }: Place): void {
    whileRunning(() => this.consumer.resume([{ topic, partitions: [partition] }]));
  }

  seek({ topic, partition }: Place, offset: number): void {
    whileRunning(() => this.consumer.seek({ topic, partition, offset: String(offset) }));
  }

  commit(place: Place, offset: number): Promise<void> {
    return this.commits.commit(place, offset);
  }

  hurry(): void {
    this.commits.hurry();
  }

  withdraw(place: Place): void {
    this.commits.withdraw(place);
  }

  private async moveOffsets(moved: readonly PlaceOffset[]): Promise<void> {
    try {
      await this.consumer.commitOffsets(moved.map((one) => ({ ...one, offset: String(one.offset) })));
    } catch (error) {
      if (!fenced.has(protocolError(error))) this.fail(error);
      throw error;
    }
  }

  private config(): Parameters<Kafka['consumer']>[0] {
    const { sessionMs, drainMs } = this.times;
    return {
      groupId: this.group,
      sessionTimeout: sessionMs,
      heartbeatInterval: sessionMs / heartbeats,
      rebalanceTimeout: drainMs + rejoinMs,
      maxWaitTimeInMs: fetchMs,
      metadataMaxAge: 60_000,
      allowAutoTopicCreation: false,
      partitionAssigners: [
        keepingAssigner({ beforeJoin: () => this.settle(), assigned: () => this.lanes.assigned }),
      ],
      retry: { restartOnFailure: async () => false },
    };
  }

  private listen(): void {
    const { consumer, watch } = this;
    const { CRASH, REQUEST_TIMEOUT, GROUP_JOIN, FETCH_START, FETCH } = consumer.events;
    consumer.on(CRASH, ({ payload }) => this.fail(payload.error));
    consumer.on(REQUEST_TIMEOUT, () => this.fail(silence()));
    consumer.on(FETCH_START, ({ payload }) => watch.began(nodeOf(payload)));
    consumer.on(FETCH, ({ payload }) => watch.ended(nodeOf(payload)));
    consumer.on(GROUP_JOIN, ({ payload: { memberId, memberAssignment } }) => {
      const renewed = memberId !== this.memberId;
      this.memberId = memberId;
      watch.dealt();
      this.commits.calm();
      this.lanes.dealt(this, placesOf(memberAssignment), renewed);
      this.nowJoined();
    });
  }

  /** What cannot be taken now stays unresolved, and is fetched again. */
  private async hand(payload: EachBatchPayload): Promise<void> {
    this.beat = () => payload.heartbeat();
    const { batch } = payload;
    const { topic, partition } = batch;
    const records = batch.messages.map((message) => logRecord(batch, message));
    if (this.watch.isCurrent && this.lanes.take({ topic, partition }, records))
      payload.resolveOffset(batch.lastOffset());
  }

  /** Gives signs of life while handlers end, as nobody else does before the group is joined again. */
  private async settle(): Promise<void> {
    const { sessionMs, drainMs } = this.times;
    const beating = setInterval(() => void this.beat?.().catch(() => undefined), sessionMs / heartbeats);
    await this.lanes.settle(drainMs).finally(() => clearInterval(beating));
  }

  private checkFetches(): void {
    const { drainMs } = this.times;
    if (performance.now() - this.watch.lastAt > drainMs + rejoinMs + drainMs + stuckMs) this.fail(silence());
  }
}

/** kafkajs would wait on the very connection, or loop, that gives no answers: a new membership has new ones. */
const silence = (): MillraceError =>
  new MillraceError('dependency_unavailable', { detail: 'Kafka: a consumer gets no answers' });

/** A consumer that has ended throws at everything, and has no partitions left that it could matter for. */
function whileRunning(steer: () => void): void {
  try {
    steer();
  } catch {
    // It has ended.
  }
}

const nodeOf = (payload: object): string => String('nodeId' in payload ? payload.nodeId : '');

const placesOf = (assignment: Readonly<Record<string, number[]>>): Place[] =>
  Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
