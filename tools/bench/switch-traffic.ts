import { delay, type Client } from './client.ts';

const pauseMs = 100;
/** Below this a question is a stranger to the text that it repeats: they are of two models. */
const related = 0.5;
/** A text that is much like another may be found behind it. */
const amongFirst = 3;

/** While models are switched one asks without a pause between answers but a short one, and one changes documents. */
export class SwitchTraffic {
  readonly faults: string[] = [];
  changes = 0;
  private times: number[] = [];
  private isOver = false;
  private readonly running: Promise<unknown>;

  constructor(
    private readonly client: Client,
    private readonly texts: readonly string[],
    /** That documents are changed to. */
    private readonly others: readonly string[],
  ) {
    this.running = Promise.all([this.ask(), this.change()]);
    // Who ends it is told.
    this.running.catch(() => undefined);
  }

  /** The times of questions since the last turn. */
  turn(): number[] {
    const { times } = this;
    this.times = [];
    return times;
  }

  async end(): Promise<this> {
    this.isOver = true;
    await this.running;
    return this;
  }

  private async ask(): Promise<void> {
    for (let n = 0; !this.isOver; n = (n + 17) % this.texts.length) {
      const began = performance.now();
      await this.expectFound(`doc-${n}`, this.texts[n]!, 1);
      this.times.push(performance.now() - began);
      await delay(pauseMs);
    }
  }

  /** What is called indexed has to be found from then on, in that version. */
  private async change(): Promise<void> {
    for (let n = 0; !this.isOver; n++) {
      const id = `changing-${n % 50}`;
      const text = this.others[n % this.others.length]!;
      await this.client.put(id, { text });
      const { state, version } = await this.client.indexed(id);
      if (state === 'indexed') await this.expectFound(id, text, version);
      else this.faults.push(`${id}: ${state}`);
      this.changes += 1;
      await delay(5 * pauseMs);
    }
  }

  private async expectFound(id: string, query: string, version: number): Promise<void> {
    const fault = await this.client.search({ query, mode: 'dense', top_k: 10 }).then(({ results }) => {
      const own = results.slice(0, amongFirst).find(({ document_id }) => document_id === id);
      if (own && own.version >= version && own.score > related) return undefined;
      const [first] = results;
      return `${id}@${version}: ${first?.document_id}@${first?.version}, ${first?.score}`;
    }, String);
    if (fault !== undefined) this.faults.push(fault);
  }
}
