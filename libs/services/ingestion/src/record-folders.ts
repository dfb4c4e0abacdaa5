import type { LogPlace } from '@millrace/ports';
import { newFolder, type NewFolder } from './blob-keys.ts';

/** Far more than are tried at a time; what lies in a folder that is forgotten is left to the orphan sweep. */
const remembered = 1_000;

export interface Stored {
  readonly tenant: string;
  readonly document: string;
  readonly contentHash: string;
  /** Of the record that brings it. */
  readonly place: LogPlace | undefined;
}

/**
 * Folders of records that have yet to be taken in: each attempt stores where the one before did, however many there are.
 * One of a request has no other attempt.
 */
export class RecordFolders {
  private readonly folders = new Map<string, NewFolder>();

  /** That of the attempt before, or a new one. */
  folder(stored: Stored, now: number): NewFolder {
    return this.before(stored) ?? this.renew(stored, now);
  }

  before({ place, contentHash }: Stored): NewFolder | undefined {
    return place && this.folders.get(nameOf(place, contentHash));
  }

  renew(stored: Stored, at: number): NewFolder {
    const { tenant, document, contentHash, place } = stored;
    const folder = newFolder(tenant, document, at);
    if (place) this.folders.set(nameOf(place, contentHash), folder);
    if (this.folders.size > remembered) this.folders.delete(this.folders.keys().next().value!);
    return folder;
  }

  forget({ place, contentHash }: Stored): void {
    if (place) this.folders.delete(nameOf(place, contentHash));
  }
}

/** A blob that is claimed may change in between. */
const nameOf = ({ partition, offset, timestamp }: LogPlace, contentHash: string): string =>
  `${partition}/${offset}/${timestamp} ${contentHash}`;
