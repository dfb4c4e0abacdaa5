import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Client, Letter } from '../client.ts';
import { Server } from '../harness.ts';
import { Inbox } from '../outside/inbox.ts';
import { structured, TopicProducer } from '../outside/topic-producer.ts';
import { correctionOf, expandedMb, lateTenant, poisons, type Poison } from './kinds.ts';

export interface PoisonOptions {
  /** Good documents, half of them with the poison among them, a quarter before and a quarter after. */
  readonly good: number;
  readonly ofEachKind: number;
  readonly report: (line: string) => void;
}

export interface PoisonResult {
  readonly good: number;
  /** Of the good ones. */
  readonly indexed: number;
  /** Good documents a second, from the first event to the last document found: without poison, and with it among them. */
  readonly rates: { readonly alone: number; readonly among: number };
  readonly poison: number;
  /** Poison whose dead letter gives its reason, and what is wrong with the others. */
  readonly told: number;
  readonly untold: readonly string[];
  /** Documents of the poison that one `millrace replay` brought home. */
  readonly home: number;
  /** Dead letters that are left then. */
  readonly left: number;
}

const settled = ['indexed', 'deleted', 'dead-lettered'];

/** Poison among good documents in `documents.v1`; then what was wrong is mended, and one replay has to bring everything home. */
export class PoisonTrial {
  private readonly poison: readonly Poison[];
  private server!: Server;
  private client!: Client;
  private late!: Client;
  private producer!: TopicProducer;
  private inbox!: Inbox;

  constructor(private readonly options: PoisonOptions) {
    this.poison = poisons(options.ofEachKind);
  }

  async run(): Promise<PoisonResult> {
    const dataDir = await mkdtemp(join(tmpdir(), 'millrace-poison-'));
    await this.start(dataDir, { keep: true, limitMb: expandedMb.first });
    try {
      const { good } = this.options;
      const quarter = Math.floor(good / 4);
      await this.warmUp();
      const before = await this.push('before', quarter, []);
      const among = (good - 2 * quarter) / (await this.push('among', good - 2 * quarter, this.poison));
      const alone = (2 * quarter) / (before + (await this.push('after', quarter, [])));
      const states = (
        await Promise.all(['before', 'among', 'after'].map((name) => this.states(`good-${name}-`)))
      ).flat();
      const indexed = states.filter((state) => state === 'indexed').length;
      const letters = await this.letters(this.poison.length);
      const untold = this.poison.flatMap((one) => complaintOf(one, letters) ?? []);
      await this.restart(dataDir);
      await this.mendSurroundings();
      await this.replay(join(dataDir, 'corrections.jsonl'), letters);
      await this.until(async () => (await this.countHome()) === this.poison.length);
      return {
        ...{ good, indexed, rates: { alone, among } },
        ...{ poison: this.poison.length, told: this.poison.length - untold.length, untold },
        ...{ home: await this.countHome(), left: (await this.client.deadLetters()).length },
      };
    } finally {
      await this.producer.close();
      this.inbox.close();
      await this.server.stop();
    }
  }

  private async start(dataDir: string, { keep, limitMb }: { keep: boolean; limitMb: number }): Promise<void> {
    const env = { MILLRACE_PARSER_MAX_EXPANDED_MB: String(limitMb) };
    this.server = await Server.start({ profile: 'distributed', dataDir, keep, env });
    this.client = this.server.client();
    this.producer = await TopicProducer.open(this.server.installation);
    this.inbox = new Inbox(this.server.installation);
  }

  private async restart(dataDir: string): Promise<void> {
    this.options.report('the limit is raised: every service starts again');
    await this.producer.close();
    this.inbox.close();
    await this.server.stop();
    await this.start(dataDir, { keep: false, limitMb: expandedMb.raised });
  }

  private async warmUp(): Promise<void> {
    await this.push('warm', 50, []);
  }

  /** Seconds until the last of them was found. */
  private async push(name: string, count: number, poison: readonly Poison[]): Promise<number> {
    this.options.report(`${count} good documents, ${poison.length} poisoned`);
    for (const { message, file } of poison) if (file) await this.inbox.put(blobIn(message.value), file);
    const good = Array.from({ length: count }, (_, n) => goodEvent(name, n));
    const began = performance.now();
    const every = Math.max(1, Math.floor(count / Math.max(1, poison.length)));
    const mixed = good.flatMap((event, n) => {
      const poisoned = n % every === 0 ? poison[n / every]?.message : undefined;
      return poisoned ? [poisoned, event] : [event];
    });
    const rest = poison.slice(Math.ceil(count / every)).map(({ message }) => message);
    await this.sendAll([...mixed, ...rest]);
    await this.untilSettled(`good-${name}-`, count);
    return (performance.now() - began) / 1000;
  }

  private async sendAll(messages: Parameters<TopicProducer['send']>): Promise<void> {
    for (let at = 0; at < messages.length; at += 100)
      await this.producer.send(...messages.slice(at, at + 100));
  }

  private async untilSettled(prefix: string, count: number): Promise<void> {
    await this.until(async () => {
      const states = await this.states(prefix);
      return states.filter((state) => settled.includes(state)).length >= count;
    });
  }

  /** Of the documents of `default` whose ids begin so. */
  private async states(prefix: string): Promise<string[]> {
    return (await this.client.list()).filter(({ id }) => id.startsWith(prefix)).map(({ state }) => state);
  }

  private async letters(atLeast: number): Promise<Letter[]> {
    let letters: Letter[] = [];
    await this.until(async () => (letters = await this.client.deadLetters()).length >= atLeast);
    return letters;
  }

  private async mendSurroundings(): Promise<void> {
    await this.client.request('POST', '/v1/admin/tenants', { name: lateTenant });
    const reader = { tenant: lateTenant, name: 'reader', rights: ['read', 'write'] };
    const { body } = await this.client.request<{ key: string }>('POST', '/v1/admin/keys', reader);
    this.late = this.server.client(body.key);
    for (const { message, later } of this.poison)
      if (later) await this.inbox.put(blobIn(message.value), later);
  }

  /** One command for all that is there: what was broken as it was sent with a correction, the others as they are. */
  private async replay(path: string, letters: readonly Letter[]): Promise<void> {
    const lines: string[] = [];
    for (const one of this.poison) {
      const { id } = letters.find(({ key }) => key === one.message.key) ?? {};
      const correction = correctionOf(one);
      if (id === undefined || !correction) continue;
      if (correction.file) await this.inbox.put(correction.blob, correction.file);
      lines.push(`${JSON.stringify({ id, event: correction.event })}\n`);
    }
    await writeFile(path, lines.join(''));
    const args = ['dist/apps/cli/main.js', 'replay', '--all', '--from', path, '--json'];
    const { url, key } = this.server;
    const env = { ...process.env, MILLRACE_URL: url, MILLRACE_KEY: key };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 2 ** 24 });
    const { replayed } = JSON.parse(stdout) as { replayed: string[] };
    this.options.report(
      `${replayed.length} dead letters replayed at once, ${lines.length} of them corrected`,
    );
  }

  /** Those that show the text that was meant. */
  private async countHome(): Promise<number> {
    const shown = await Promise.all(this.poison.map((one) => this.textOf(one)));
    return shown.filter((text, at) => text !== undefined && isMeant(text, this.poison[at]!)).length;
  }

  private async textOf({ message: { key } }: Poison): Promise<string | undefined> {
    const [tenant, document] = key.split('/') as [string, string];
    const client = tenant === lateTenant ? this.late : this.client;
    if ((await client.status(document)).body.state !== 'indexed') return undefined;
    const path = `/v1/documents/${document}/content`;
    return (await client.request<{ text: string }>('GET', path)).body.text;
  }

  /** Gives up after standing in vain for long; what is missing then shows in the result. */
  private async until(holds: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + patienceMs; Date.now() < end; await pause(1000))
      if (await holds().catch(() => false)) return;
  }
}

const patienceMs = 600_000;

const goodEvent = (name: string, n: number) =>
  structured(`default/good-${name}-${n}`, {
    ...{
      specversion: '1.0',
      id: `${name}-${n}`,
      source: '/poison/good',
      type: 'millrace.document.upsert.v1',
    },
    data: {
      text: `Sack ${n} of the ${name} barley came to the mill by the weir and was ground within the hour.`,
    },
  });

const isMeant = (text: string, { message: { key } }: Poison): boolean =>
  text.includes(`text of ${key}.`) || /A long (letter|sheet)\./.test(text);

/** The claim check in an event of ours. */
function blobIn(value: Poison['message']['value']): string {
  return (JSON.parse(String(value)) as { data: { blob: string } }).data.blob;
}

/** What is wrong with its dead letter. */
function complaintOf({ kind, codes, says, message }: Poison, letters: readonly Letter[]): string | undefined {
  const letter = letters.find(({ key }) => key === message.key);
  if (!letter) return `${kind}: no dead letter`;
  const { code, message: reason } = letter.reason;
  return codes.includes(code) && says.test(reason) ? undefined : `${kind}: ${code}: ${reason}`;
}
