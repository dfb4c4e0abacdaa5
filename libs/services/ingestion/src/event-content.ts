import { Inject, Injectable } from '@nestjs/common';
import { inboxPrefix, MillraceError, type DocumentClaim, type DocumentInput } from '@millrace/contracts';
import { BLOB_STORE, type BlobStore } from '@millrace/ports';
import type { SettingsOf } from '@millrace/platform';
import { ingestionSettings } from './ingestion-settings.ts';
import { ClaimPlaces } from './claim-places.ts';
import type { Arrival } from './source.ts';

const megabyte = 1024 * 1024;

/** The document as JSON, from a request or an event. */
export const fromJson = ({
  id,
  text,
  media_type: mediaType,
  ...fields
}: DocumentInput): { id: string | undefined; arrival: Arrival } => ({
  id,
  arrival: { ...fields, mediaType: mediaType ?? 'text/plain', content: text },
});

/** What the data of an event brings: text that it holds, or the bytes that its claim check stands for. */
@Injectable()
export class EventContent {
  private readonly claims = new ClaimPlaces();

  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(ingestionSettings.token) private readonly settings: SettingsOf<typeof ingestionSettings>,
  ) {}

  /**
   * Takes the arrival in. Rejects with `blob_not_found` or `blob_too_large`, and with `invalid_event` for a blob of another
   * tenant.
   */
  async take<T>(
    tenant: string,
    data: DocumentInput | DocumentClaim,
    accept: (arrival: Arrival) => Promise<T>,
  ): Promise<T> {
    if ('text' in data) return accept(fromJson(data).arrival);
    return this.claims.run(async () => accept(await this.claimed(tenant, data)));
  }

  private async claimed(tenant: string, claim: DocumentClaim): Promise<Arrival> {
    const { id: _id, blob, media_type: mediaType, filename = lastPart(blob), ...fields } = claim;
    if (!blob.startsWith(inboxPrefix(tenant)))
      throw new MillraceError('invalid_event', {
        param: 'data.blob',
        detail: `data.blob: must begin with ${inboxPrefix(tenant)}`,
      });
    const content = await this.blobs.get(blob, this.settings.maxClaimMb * megabyte);
    if (!content) throw new MillraceError('blob_not_found', { param: 'data.blob', detail: blob });
    return { ...fields, mediaType, filename, content };
  }
}

const lastPart = (key: string): string => key.slice(key.lastIndexOf('/') + 1);
