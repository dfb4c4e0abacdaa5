import { batchHeadBytes, type OutgoingRecord } from './outgoing-record.ts';

/** Largest request, in bytes: far below what brokers take (100 MB), so that one does not stand long in the way of others. */
export const maxRequestBytes = 8 * 1024 * 1024;

/**
 * The records as requests, in their order. What a request has for one partition becomes one batch there, and a batch is
 * refused as a whole when it is larger than its topic allows, even if each record is not.
 */
export function cutRequests(records: readonly OutgoingRecord[]): OutgoingRecord[][] {
  const requests: OutgoingRecord[][] = [];
  let request = new RequestSize();
  for (const record of records) {
    if (requests.length === 0 || !request.hasRoomFor(record)) {
      request = new RequestSize();
      requests.push([]);
    }
    request.add(record);
    requests.at(-1)!.push(record);
  }
  return requests;
}

/** How large a request has become, and its batches. */
export class RequestSize {
  constructor(
    private total = 0,
    private readonly batches = new Map<string, number>(),
  ) {}

  copy(): RequestSize {
    return new RequestSize(this.total, new Map(this.batches));
  }

  hasRoomFor(record: OutgoingRecord): boolean {
    return this.total + record.bytes <= maxRequestBytes && this.batchWith(record) <= record.maxBatchBytes;
  }

  add(record: OutgoingRecord): void {
    this.total += record.bytes;
    this.batches.set(placeOf(record), this.batchWith(record));
  }

  private batchWith(record: OutgoingRecord): number {
    return (this.batches.get(placeOf(record)) ?? batchHeadBytes) + record.bytes;
  }
}

const placeOf = ({ topic, partition }: OutgoingRecord): string => `${topic}/${partition}`;
