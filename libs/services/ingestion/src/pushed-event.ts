import type { DocumentCloudEvent } from '@millrace/contracts';
import type { LogPlace, PushedEvent } from '@millrace/ports';
import { fromJson } from './event-content.ts';
import { contentHash } from './source.ts';

/**
 * What an event is known by when it comes again, over HTTP or out of the log. A blob may be overwritten between two
 * readings of its event: its name stands for what is in it.
 */
export function pushedEvent(event: DocumentCloudEvent, givenUpAt?: number, place?: LogPlace): PushedEvent {
  const { source, id } = event;
  return {
    ...{ key: `${source} ${id}`, requestHash: event.type + requestHash(event.data) },
    ...(givenUpAt !== undefined && { givenUpAt }),
    ...(place && { place }),
  };
}

function requestHash(data: DocumentCloudEvent['data']): string {
  if (data === undefined || !('text' in data || 'blob' in data)) return '';
  if ('text' in data) return contentHash(fromJson(data).arrival);
  const { id: _id, blob, media_type: mediaType, ...said } = data;
  return contentHash({ ...said, mediaType, content: blob });
}
