import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BLOB_STORE, type BlobStore } from '@millrace/ports';

const retryMs = 5_000;
/** More are left to the orphan sweep. */
const most = 10_000;

/**
 * Takes away folders that nothing refers to, and will not be asked to again. One that cannot go now is tried again while the
 * process runs: it may hold what an erasure would have taken along.
 */
@Injectable()
export class SpareFolders implements OnModuleDestroy {
  private readonly left = new Set<string>();
  private next: NodeJS.Timeout | undefined;

  constructor(@Inject(BLOB_STORE) private readonly blobs: BlobStore) {}

  onModuleDestroy(): void {
    clearTimeout(this.next);
  }

  async remove(folder: string): Promise<void> {
    try {
      await this.blobs.deleteAll(folder);
    } catch (error) {
      if (this.left.size < most) this.left.add(folder);
      this.next ??= setTimeout(() => void this.retry(), retryMs).unref();
      throw error;
    }
  }

  private async retry(): Promise<void> {
    this.next = undefined;
    const folders = [...this.left];
    this.left.clear();
    for (const folder of folders) await this.remove(folder).catch(() => undefined);
  }
}
