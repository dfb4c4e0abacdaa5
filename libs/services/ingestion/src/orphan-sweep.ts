import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BLOB_STORE, CLOCK, REGISTRY, type BlobStore, type Clock, type Registry } from '@millrace/ports';
import { LOGGER, observeCounter, type Logger, type SettingsOf } from '@millrace/platform';
import { folderOf, folderTime, sourceIn } from './blob-keys.ts';
import { ingestionSettings } from './ingestion-settings.ts';
import { KnownTenants } from './known-tenants.ts';

const hourMs = 3_600_000;
/** A process that has only just been started has better things to do. */
const firstAfterMs = 600_000;
/** Keys looked at in one step, and the rest between two. */
const pageSize = 1_000;
const restMs = 100;

/**
 * Takes away what was stored for versions that were never registered, because the process ended in between. Nothing
 * refers to it, so nothing else finds it. What is young may yet be registered.
 */
@Injectable()
export class OrphanSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly closing = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private removed = 0;

  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(KnownTenants) private readonly tenants: KnownTenants,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ingestionSettings.token) private readonly settings: SettingsOf<typeof ingestionSettings>,
  ) {
    observeCounter(
      'millrace_orphan_blobs_removed_total',
      'Blobs of versions that were never registered, taken away since the start.',
      () => [[this.removed, {}]],
    );
  }

  onApplicationBootstrap(): void {
    if (this.settings.orphanHours > 0) this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  /** Looks at all blobs once. Returns how many went. */
  async sweep(): Promise<number> {
    const before = this.removed;
    for (const tenant of await this.tenants.all())
      for (let after: string | undefined; ; await this.rest(restMs)) {
        if (this.closing.signal.aborted) return this.removed - before;
        const keys = await this.blobs.list(`${tenant}/`, after, pageSize);
        await this.removeOrphans(keys);
        if (keys.length < pageSize) break;
        after = keys.at(-1);
      }
    return this.removed - before;
  }

  private async run(): Promise<void> {
    await this.rest(firstAfterMs);
    while (!this.closing.signal.aborted) {
      try {
        const blobs = await this.sweep();
        if (blobs > 0) this.logger.info({ blobs }, 'removed what was stored and never registered');
      } catch (err) {
        this.logger.warn({ err }, 'what was stored and never registered could not be looked for');
      }
      await this.rest(this.settings.orphanHours * hourMs);
    }
  }

  private async removeOrphans(keys: readonly string[]): Promise<void> {
    const youngest = this.clock.now() - this.settings.orphanHours * hourMs;
    const folders = [...new Set(keys.map(folderOf))].filter((folder) => folderTime(folder) < youngest);
    const unknown = await this.registry.documents.unknownSources(folders.map(sourceIn));
    for (const source of unknown) this.removed += await this.blobs.deleteAll(folderOf(source));
  }

  private async rest(millis: number): Promise<void> {
    await pause(millis, undefined, { signal: this.closing.signal, ref: false }).catch(() => undefined);
  }
}
