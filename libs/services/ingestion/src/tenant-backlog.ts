import { Inject, Injectable } from '@nestjs/common';
import { MillraceError } from '@millrace/contracts';
import { CLOCK, REGISTRY, type Clock, type Registry } from '@millrace/ports';
import { countRefusal, type SettingsOf } from '@millrace/platform';
import { FlightLimit } from './flight-limit.ts';
import { ingestionSettings } from './ingestion-settings.ts';
import { IntakePace } from './intake-pace.ts';

interface Count {
  readonly at: number;
  readonly unfinished: Promise<number>;
  /** Documents finished a second of late; undefined where that is not known yet. */
  readonly finishing: Promise<number | undefined>;
  /** Documents let in here before it. */
  readonly entered: number;
}

/** What this replica knows of a tenant's documents. */
interface Intake {
  count: Count | undefined;
  /** How many may be on their way; undefined while nobody else pushes. */
  limit: FlightLimit | undefined;
  /** Documents let in since this replica knows of the tenant. */
  entered: number;
  /** Documents that stand in the line before that. */
  waiting: number;
}

/** A count is good for so long, ms: other replicas accept meanwhile, too; and beside others few are on their way. */
const goodForMs = { alone: 1_000, besideOthers: 250, beforeALine: 50 };
/** A count of so long ago, ms, says nothing of how much is finished now. */
const tellingForMs = 5_000;
/** Documents a second by which a line moves faster, for each that is missing to where it begins; and slower, for each beyond. */
const pull = 0.5;
/** It moves at this part of the rate at which documents are finished, however many are beyond. */
const leastPart = 0.25;
/** Milliseconds between two of a line: the least, the most, and while it is not known how much is finished. */
const gap = { least: 4, most: 200, unknown: 40 };
/** Others who pushed so short a time ago, ms, may push again. */
const recentMs = 60_000;
/** Counted so many times beyond where the line begins, or what is finished could not be told. */
const countedBeyond = 100;
/** Seconds. */
const retryAfter = 5;
/** Tenants of whom more is known than their last push. */
const maxKept = 1_000;

/**
 * Bounds how many documents of one tenant are on their way, and slows it down well before: what is accepted sooner than it
 * can be read is done no sooner, and accepting it takes the time of others. While there are others, earlier, and so that
 * no more are on their way than do not make each other wait; alone not so, for accepting many together costs less for each.
 */
@Injectable()
export class TenantBacklog {
  private readonly intakes = new Map<string, Intake>();
  private readonly pace = new IntakePace();
  /** The last push of each tenant. */
  private readonly pushedAt = new Map<string, number>();

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ingestionSettings.token) private readonly settings: SettingsOf<typeof ingestionSettings>,
  ) {}

  /** Before another one is accepted. Rejects with `rate_limited`. */
  async admit(tenant: string): Promise<void> {
    const { maxUnfinished, eagerDocuments } = this.settings;
    if (maxUnfinished === 0 && eagerDocuments === 0) return;
    const isAlone = this.isAlone(tenant);
    const intake = this.intakeOf(tenant);
    const count = isAlone ? this.count(tenant, intake) : await this.fairCount(tenant, intake);
    const underWay = (await count.unfinished) + takenSince(count, intake);
    if (maxUnfinished > 0 && underWay >= maxUnfinished) throw tooMany(maxUnfinished);
    const eager = eagerDocuments > 0 ? this.eagerNow(intake, isAlone) : Infinity;
    // Nobody else is let in between here and the count of this one.
    if (underWay >= eager)
      await this.waitInLine(tenant, intake, isAlone ? gap.unknown : gapFor(count, eager));
    intake.entered++;
  }

  /** Documents of the tenant that may be on their way before it has to wait in a line. */
  private eagerNow(intake: Intake, isAlone: boolean): number {
    const { eagerDocuments } = this.settings;
    if (isAlone) intake.limit = undefined;
    else intake.limit ??= new FlightLimit(eagerDocuments);
    return Math.min(intake.limit?.current ?? eagerDocuments, eagerDocuments);
  }

  private async waitInLine(tenant: string, intake: Intake, everyMs: number | Promise<number>): Promise<void> {
    intake.waiting++;
    try {
      await this.pace.turn(tenant, await everyMs);
    } finally {
      intake.waiting--;
    }
  }

  /** Nobody is to be the first in a line for what was finished since the last count. */
  private async fairCount(tenant: string, intake: Intake): Promise<Count> {
    const count = this.count(tenant, intake);
    const taken = takenSince(count, intake);
    if (taken === 0 || intake.waiting > 0) return count;
    const underWay = (await count.unfinished) + taken;
    return underWay < (intake.limit?.current ?? 0)
      ? count
      : this.count(tenant, intake, goodForMs.beforeALine);
  }

  /** Whether nobody else has pushed of late, as far as this replica knows. */
  private isAlone(tenant: string): boolean {
    const now = this.clock.now();
    // Those of late stand at the end.
    this.pushedAt.delete(tenant);
    this.pushedAt.set(tenant, now);
    for (const [other, at] of this.pushedAt) {
      if (now - at <= recentMs) break;
      this.pushedAt.delete(other);
    }
    return this.pushedAt.size === 1;
  }

  private intakeOf(tenant: string): Intake {
    const known = this.intakes.get(tenant);
    if (known) return known;
    if (this.intakes.size >= maxKept)
      for (const [other, { waiting }] of this.intakes) if (waiting === 0) this.intakes.delete(other);
    const intake: Intake = { count: undefined, limit: undefined, entered: 0, waiting: 0 };
    this.intakes.set(tenant, intake);
    return intake;
  }

  private count(tenant: string, intake: Intake, atMostMs = Infinity): Count {
    const { count: known, limit, entered } = intake;
    const now = this.clock.now();
    const goodFor = Math.min(atMostMs, limit ? goodForMs.besideOthers : goodForMs.alone);
    if (known && now - known.at < goodFor) return known;
    const { maxUnfinished, eagerDocuments } = this.settings;
    const most = Math.max(maxUnfinished, countedBeyond * eagerDocuments);
    const unfinished = this.registry.documents.unfinished(tenant, most);
    const finishing = finishedSince(known, { at: now, unfinished, entered }, limit);
    const count: Count = { at: now, unfinished, finishing, entered };
    finishing.catch(() => {
      if (intake.count === count) intake.count = undefined;
    });
    intake.count = count;
    return count;
  }
}

/** Documents that a count has not seen: let in since then, or in the line. */
const takenSince = (count: Count, { entered, waiting }: Intake): number => entered - count.entered + waiting;

/** Half of it what was known a second before, so that one slow moment is not all. */
async function finishedSince(
  before: Count | undefined,
  { at, unfinished, entered }: Omit<Count, 'finishing'>,
  limit: FlightLimit | undefined,
): Promise<number | undefined> {
  const left = await unfinished;
  if (!before || at - before.at > tellingForMs) return undefined;
  const seconds = (at - before.at) / 1_000;
  // Less than nothing where others accepted for this tenant meanwhile.
  const finished = (await before.unfinished) + entered - before.entered - left;
  limit?.note(at, left, finished);
  const rate = finished / seconds;
  const earlier = (await before.finishing) ?? rate;
  return Math.max(0, earlier + Math.min(seconds / 2, 0.5) * (rate - earlier));
}

/** Milliseconds between two that are let in, so that about `wanted` are on their way. */
async function gapFor({ unfinished, finishing }: Count, wanted: number): Promise<number> {
  const [underWay, finished] = await Promise.all([unfinished, finishing]);
  if (finished === undefined) return gap.unknown;
  const rate = Math.max(leastPart * finished, finished + pull * (wanted - underWay));
  return Math.min(gap.most, Math.max(gap.least, 1_000 / rate));
}

function tooMany(most: number): MillraceError {
  countRefusal('tenant_unfinished');
  const detail = `${most} documents of this tenant are still on their way`;
  return new MillraceError('rate_limited', { retryAfter, detail });
}
