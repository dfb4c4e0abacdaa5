import { explained, rank, type SearchHit, type Side, type Sides, type VectorQuery } from '@millrace/ports';
import type { Schemas } from '@qdrant/js-client-rest';
import type { Collection } from '../collection/collection.ts';
import { not, type Condition } from '../filter/conditions.ts';
import type { HitPayload } from '../points/chunk-point.ts';
import { choose } from '../ranking/choose.ts';
import type { Candidate, Ranking } from '../ranking/ranking.ts';
import { hidden, isVisible, type Pointer } from '../versions/pointer.ts';
import type { Pointers, Reading } from '../versions/pointers.ts';
import { readContents, readHits, readVectors } from './chunk-reading.ts';
import { Neighbours } from './neighbours.ts';

export type PlannedSearch = Pick<
  VectorQuery,
  'tenant' | 'access' | 'fusion' | 'weights' | 'mmr' | 'limit' | 'neighbours' | 'vectors' | 'explain'
> & {
  /** The sides that are asked; one without a ranking proposes nothing. */
  readonly asked: readonly Side[];
  readonly rankings: Readonly<Partial<Record<Side, Ranking>>>;
  readonly must: readonly Condition[];
  /** Visible candidates of each ranking. */
  readonly candidates: number;
  /** Milliseconds within which an answer of Qdrant misses no document; see `lingerMs`. */
  readonly promptMs: number;
};

/** One ranking and how many candidates it is asked for. */
interface Asking {
  readonly side: Side;
  readonly ranking: Ranking;
  limit: number;
}

/** Beyond this many times the candidates wanted, what was found is taken for the best. */
const deepest = 8;
/** Documents whose hidden versions a query can leave out. */
const maxLeftOut = 128;
/** So often a slow answer is not trusted; where all are slow, one has to be. */
const maxSlowLooks = 2;

/**
 * A search that sees each document in one version. Qdrant proposes chunks of every version; the pointers of their
 * documents, read afterwards, say which count. A document whose pointer moved in between was perhaps seen half: then
 * all is asked again, by now without what was hidden. A document that was replaced within one answer could be missed
 * altogether, but that the replaced version stays longer than a prompt answer takes.
 */
export class VisibleSearch {
  private readonly askings: readonly Asking[];
  private readonly neighbours: Neighbours;
  private slowLooks = 0;
  /** What is known of documents that had hidden chunks among the candidates. */
  private readonly leftOut = new Map<string, Pointer>();

  constructor(
    private readonly collection: Collection,
    private readonly pointers: Pointers,
    private readonly plan: PlannedSearch,
    /** Told of each pointer that hides a chunk. */
    private readonly onHidden: (pointer: Pointer) => void,
  ) {
    this.askings = plan.asked.flatMap((side) => {
      const ranking = plan.rankings[side];
      return ranking ? [{ side, ranking, limit: ranking.firstAsk(plan.candidates) }] : [];
    });
    this.neighbours = new Neighbours(collection, pointers, plan);
  }

  /** Undefined when it has to be done again. */
  async look(): Promise<SearchHit[] | undefined> {
    const since = performance.now();
    const answers = await this.ask();
    if (performance.now() - since > this.plan.promptMs && this.slowLooks++ < maxSlowLooks) return undefined;
    const lists = this.askings.map(({ ranking }, at) => ranking.rank(answers[at]!));
    // What is chosen among many is not known before all is.
    const likely = this.plan.mmr ? [] : rank(this.sides(lists), this.plan).slice(0, this.plan.limit);
    const [readings, contents] = await Promise.all([
      this.readPointers(lists, since),
      readContents(
        this.collection,
        likely.map(({ uuid }) => uuid),
      ),
    ]);
    this.forgetMoved(readings);
    const visible = lists.map((list) => list.filter((one) => this.isShown(one, readings)));
    const isDeepEnough = this.deepen(visible, answers);
    if (!isDeepEnough || [...readings.values()].some(({ steady }) => !steady)) return undefined;
    return this.hits(this.sides(visible), contents, readings);
  }

  /** Undefined when something of them is gone by now. */
  private async hits(
    sides: Sides<Candidate>,
    known: ReadonlyMap<string, HitPayload>,
    readings: ReadonlyMap<string, Reading>,
  ): Promise<SearchHit[] | undefined> {
    const choices = await choose(this.collection, rank(sides, this.plan), this.plan);
    if (!choices) return undefined;
    const chosen = choices.map(({ candidate }) => candidate);
    const hits = await readHits(this.collection, chosen, known);
    const wide = hits && (await this.neighbours.around(hits, readings));
    return wide && this.withVectors(explained(wide, choices, sides, this.plan));
  }

  /** Undefined when one of them is gone by now. */
  private async withVectors(hits: SearchHit[]): Promise<SearchHit[] | undefined> {
    if (!this.plan.vectors) return hits;
    const vectors = await readVectors(
      this.collection,
      hits.map(({ id }) => id),
    );
    const whole = hits.flatMap((hit) => {
      const vector = vectors.get(hit.id);
      return vector ? [{ ...hit, vector }] : [];
    });
    return whole.length === hits.length ? whole : undefined;
  }

  private async ask(): Promise<Schemas['ScoredPoint'][][]> {
    const leftOut = [...this.leftOut.values()].slice(0, maxLeftOut).map((pointer) => not(hidden(pointer)));
    const must = [...this.plan.must, ...leftOut];
    const searches = this.askings.map(({ ranking, limit }) => ranking.request(must, limit));
    const answers = await this.collection.run((client, name) => client.queryBatch(name, { searches }));
    return answers.map(({ points }) => points);
  }

  private readPointers(
    lists: readonly (readonly Candidate[])[],
    since: number,
  ): Promise<Map<string, Reading>> {
    const documents = new Set([
      ...lists.flatMap((list) => list.map(({ document }) => document)),
      ...this.leftOut.keys(),
    ]);
    const names = [...documents].map((document) => ({ tenant: this.plan.tenant, document }));
    return this.pointers.read(this.collection, names, since);
  }

  /** What was hidden by a pointer that has moved since may be what it shows now. */
  private forgetMoved(readings: ReadonlyMap<string, Reading>): void {
    for (const document of this.leftOut.keys()) this.leftOut.set(document, readings.get(document)!.pointer);
  }

  /** Notes what is hidden, to leave it out of the next look. */
  private isShown(candidate: Candidate, readings: ReadonlyMap<string, Reading>): boolean {
    const { pointer } = readings.get(candidate.document)!;
    if (isVisible(pointer, candidate)) return true;
    this.leftOut.set(candidate.document, pointer);
    this.onHidden(pointer);
    return false;
  }

  /** False when a ranking may have better candidates than it was asked for; then it is asked for more. */
  private deepen(
    visible: readonly (readonly Candidate[])[],
    answers: readonly (readonly Schemas['ScoredPoint'][])[],
  ): boolean {
    const shallow = this.askings.filter((one, at) => !this.isDeepEnough(one, visible[at]!, answers[at]!));
    for (const asking of shallow) asking.limit *= 2;
    return shallow.length === 0;
  }

  private isDeepEnough(
    { ranking, limit }: Asking,
    visible: readonly Candidate[],
    answer: readonly Schemas['ScoredPoint'][],
  ): boolean {
    const { candidates } = this.plan;
    if (answer.length < limit || limit >= candidates * deepest) return true;
    const last = visible[candidates - 1];
    return last !== undefined && last.score > ranking.atMost(answer.at(-1)!.score);
  }

  private sides(lists: readonly (readonly Candidate[])[]): Sides<Candidate> {
    const proposed = (side: Side): readonly Candidate[] => {
      const at = this.askings.findIndex((asking) => asking.side === side);
      return lists[at]?.slice(0, this.plan.candidates) ?? [];
    };
    return Object.fromEntries(this.plan.asked.map((side) => [side, proposed(side)]));
  }
}
