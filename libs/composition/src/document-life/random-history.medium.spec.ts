import { MillraceError } from '@millrace/contracts';
import type { BlobStore, DeadLetterRecord, NewRecord } from '@millrace/ports';
import { randomNumbers } from '@millrace/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { anEvent, structured, structuredType, utf8 } from './cloud-event-records.ts';
import { HistoryModel, type Content, type Saying } from './history-model.ts';
import { Mill } from './mill.ts';

let walk: Walk;
afterEach(async () => {
  vi.restoreAllMocks();
  await walk.mill.stop();
});

it.each([1, 2])(
  'whatever comes again, fails or ends in between, each message has one place in its document’s history: seed %i',
  async (seed) => {
    walk = new Walk(seed, await Mill.start());
    for (const meanwhile of ['an outage', 'a restart', 'an outage'] as const) {
      await walk.burst(meanwhile);
      await walk.mend();
      await walk.compare();
      await walk.readAgain();
      await walk.compare();
    }
  },
  180_000,
);

const documents = ['a', 'b', 'c', 'd', 'e'];
const perBurst = 50;
const perReading = 20;
const outageMs = 3_500;

interface Said {
  readonly record: NewRecord;
  readonly document: string;
  readonly saying: Saying;
  /** Key of the blob that stands for its text. */
  readonly blob?: string;
}

/** What waits for this blob waits in every partition. */
const awaited = 'inbox/default/awaited';
const waiting = Array.from({ length: 40 }, (_, n) =>
  structured(`waiting ${n}`, anEvent('upsert', { data: { blob: awaited } })),
);

/** Says this and that of a few documents, and keeps account of what should have become of them. */
class Walk {
  private readonly random: () => number;
  private readonly models = new Map(documents.map((name) => [name, new HistoryModel()]));
  private readonly said: Said[] = [];
  /** Texts of claimed blobs by key, and those that can be read. */
  private readonly claims = new Map<string, string>();
  private readonly readable = new Set<string>();
  private isAwaiting = false;
  private place = 0;

  constructor(
    seed: number,
    public mill: Mill,
  ) {
    this.random = randomNumbers(seed);
    this.watchClaims();
  }

  /** Events and events that come again, while something happens in the middle of the batch that they are. */
  async burst(meanwhile: 'an outage' | 'a restart'): Promise<void> {
    const records = Array.from({ length: perBurst }, () => this.sayOne());
    const stored = this.watchStores(this.upTo(20), meanwhile === 'an outage');
    await this.mill.log.publish(records);
    await Promise.race([stored, this.settled()]);
    if (meanwhile === 'a restart') this.mill = await this.mill.restart();
    for (let n = 0; n < 3; n++) await this.treatALetter();
    await this.settled();
  }

  /**
   * Records that were handled or failed, in batches that are not committed, because the last of each waits for what cannot be
   * read. Meanwhile things happen over HTTP, and some claims become readable; then all are read again.
   */
  async readAgain(): Promise<void> {
    this.isAwaiting = true;
    const before = this.said.length;
    const records = Array.from({ length: perReading }, () => this.sayOne());
    await this.mill.log.publish([...records, ...waiting]);
    await this.agree();
    expect(await this.lag('ingestion.documents', 'documents.v1')).toBe(records.length + waiting.length);
    const read = this.said.slice(before);
    for (const { blob } of read) if (blob !== undefined && this.random() < 0.7) this.readable.add(blob);
    for (let n = 0; n < 8; n++) await this.changeSomething();
    this.isAwaiting = false;
    for (const one of read) if (this.failedBefore(one)) this.saySince(one);
    this.mill = await this.mill.restart();
  }

  /** With nothing on its way: letters are corrected or sent as they are, documents pushed and deleted over HTTP. */
  async mend(): Promise<void> {
    for (let n = 0; n < 10; n++) {
      await this.changeSomething();
      await this.settled();
    }
  }

  async compare(): Promise<void> {
    await this.settled();
    await this.agree();
  }

  private async changeSomething(): Promise<void> {
    const document = this.oneOf(documents);
    const chance = this.random();
    if (chance < 0.6) await this.treatALetter();
    else if (chance < 0.8) await this.put(document);
    else await this.remove(document);
  }

  private async agree(): Promise<void> {
    await vi.waitFor(
      async () => {
        const letters = await this.letters();
        for (const [document, model] of this.models) {
          const places = letters.filter((letter) => letter.document === document).map(placeOf);
          expect({
            document,
            content: await this.contentOf(document),
            letters: places.toSorted(inOrder),
          }).toEqual({
            document,
            content: model.content,
            letters: [...model.letters].toSorted(inOrder),
          });
        }
      },
      { timeout: 20_000, interval: 100 },
    );
  }

  private sayOne(): NewRecord {
    const earlier = this.said.slice(-perBurst);
    const again = earlier.length > 0 && this.random() < 0.25 ? this.oneOf(earlier) : undefined;
    return again ? this.sayAgain(again) : this.sayNew(this.oneOf(documents));
  }

  private sayNew(document: string): NewRecord {
    const place = ++this.place;
    const chance = this.random();
    const kind = chance < 0.4 ? 'good' : chance < 0.8 ? 'bad' : 'delete';
    const text = `${kind} ${place}`;
    const blob = kind === 'bad' && chance > 0.6 ? this.claim(text) : undefined;
    const data = blob === undefined ? { text: kind === 'good' ? text : { secret: text } } : { blob };
    const event = kind === 'delete' ? anEvent('delete') : anEvent('upsert', { data });
    const saying: Saying = { place, event: String(event['id']), kind, text };
    return this.note({ document, record: structured(document, event), saying, ...(blob && { blob }) });
  }

  private sayAgain({ saying, blob, ...said }: Said): NewRecord {
    const kind = blob !== undefined && this.readable.has(blob) ? 'good' : saying.kind;
    return this.note({
      ...said,
      saying: { ...saying, kind, place: ++this.place } as Saying,
      ...(blob && { blob }),
    });
  }

  private note(said: Said): NewRecord {
    const { document, record, saying } = said;
    this.models.get(document)!.say(saying);
    const headers = { 'content-type': structuredType, place: String(saying.place) };
    this.said.push(said);
    return { ...record, headers };
  }

  private claim(text: string): string {
    const blob = `inbox/default/${text.replace(' ', '-')}`;
    this.claims.set(blob, text);
    return blob;
  }

  /** It has a letter, and would not fail now. */
  private failedBefore({ document, saying, blob }: Said): boolean {
    return (
      blob !== undefined && this.readable.has(blob) && this.models.get(document)!.letters.has(saying.place)
    );
  }

  private saySince({ document, saying: { place, event }, blob }: Said): void {
    const text = this.claims.get(blob!)!;
    this.models.get(document)!.saySince({ kind: 'bad', place, event, text });
  }

  /** Corrects a letter, by a text or a delete, or sends it as it is, which may fail again. */
  private async treatALetter(): Promise<void> {
    const letters = (await this.letters()).filter(({ document }) => this.models.has(document!));
    if (letters.length === 0) return;
    const letter = this.oneOf(letters);
    const chance = this.random();
    const text = `corrected ${placeOf(letter)}`;
    const event = chance < 0.5 ? anEvent('upsert', { data: { text } }) : anEvent('delete');
    const isCorrected = chance < 0.7;
    const body = isCorrected ? { corrections: [{ id: letter.id, event }] } : { ids: [letter.id] };
    const { body: answer } = await this.mill.request<{ replayed?: string[] }>(
      ...(['POST', '/v1/admin/replay', body] as const),
    );
    // A delete may have taken it along meanwhile.
    if (answer.replayed?.length !== 1) return;
    const failed = this.said.find(({ saying }) => saying.place === placeOf(letter))!;
    if (!isCorrected && this.failedBefore(failed)) this.saySince(failed);
    if (isCorrected)
      this.models.get(letter.document!)!.correct(placeOf(letter), chance < 0.5 ? { text } : 'deleted');
  }

  private async put(document: string): Promise<void> {
    const place = ++this.place;
    const text = `put ${place}`;
    expect((await this.mill.put(document, text)).status).toBe(202);
    this.models.get(document)!.say({ place, event: text, kind: 'good', text });
  }

  private async remove(document: string): Promise<void> {
    await this.mill.request('DELETE', `/v1/documents/${document}`);
    this.models.get(document)!.withdraw(++this.place);
  }

  /** Of all stores, also of those after a restart. */
  private watchClaims(): void {
    const blobs = Object.getPrototypeOf(this.mill.blobs) as BlobStore;
    const { value: get } = Object.getOwnPropertyDescriptor(blobs, 'get') as TypedPropertyDescriptor<
      BlobStore['get']
    >;
    const claimed = async (key: string): Promise<Uint8Array> => {
      if (key === awaited && this.isAwaiting) throw new MillraceError('dependency_unavailable');
      if (!this.readable.has(key)) throw new MillraceError('blob_too_large');
      return utf8(this.claims.get(key)!);
    };
    vi.spyOn(blobs, 'get').mockImplementation(function (this: BlobStore, key, atMost) {
      return key.startsWith('inbox/') ? claimed(key) : get!.call(this, key, atMost);
    });
  }

  /** Resolves at so many blobs from now, from where on the store is away for a while. */
  private watchStores(many: number, goesAway: boolean): Promise<void> {
    const { blobs } = this.mill;
    const put = blobs.put.bind(blobs);
    return new Promise((resolve) => {
      let [stored, backAt] = [0, 0];
      blobs.put = async (key, value) => {
        stored += 1;
        if (stored === many) {
          backAt = Date.now() + outageMs;
          resolve();
        }
        if (goesAway && Date.now() < backAt) throw new MillraceError('dependency_unavailable');
        return put(key, value);
      };
    });
  }

  private async letters(): Promise<DeadLetterRecord[]> {
    const { deadLetters } = this.mill.registry;
    const listed = await deadLetters.page({ limit: 1_000 });
    const whole = await Promise.all(listed.map(({ id }) => deadLetters.find(id)));
    return whole.filter((letter) => letter !== undefined);
  }

  private async contentOf(document: string): Promise<Content> {
    const newest = (await this.mill.registry.documents.versions('default', document)).at(-1);
    if (!newest) return undefined;
    if (newest.operation === 'delete') return newest.state === 'deleted' ? 'deleted' : undefined;
    const source = await this.textOf(newest.source!);
    const { content } = JSON.parse(source) as { content: { text: string } | { blob: string } };
    return 'text' in content ? content : { text: await this.textOf(content.blob) };
  }

  private async textOf(blob: string): Promise<string> {
    return new TextDecoder().decode(await this.mill.blobs.get(blob));
  }

  /** All that was said has been taken in or given up. */
  private async settled(): Promise<void> {
    await vi.waitFor(
      async () => {
        expect(await this.mill.registry.outbox.pending(1)).toEqual([]);
        for (const [group, topic] of [
          ['ingestion.documents', 'documents.v1'],
          ['ingestion.progress', 'documents.v1.dlq'],
        ] as const)
          expect(await this.lag(group, topic)).toBe(0);
      },
      { timeout: 60_000, interval: 20 },
    );
  }

  private async lag(group: string, topic: string): Promise<number> {
    return (await this.mill.log.lag(group, [topic]))[0]!.records;
  }

  private upTo = (most: number): number => 1 + Math.floor(this.random() * most);

  private oneOf<T>(all: readonly T[]): T {
    return all[Math.floor(this.random() * all.length)]!;
  }
}

const inOrder = (a: number, b: number): number => a - b;

const placeOf = ({ replay }: DeadLetterRecord): number => Number(replay.headers['place']);
