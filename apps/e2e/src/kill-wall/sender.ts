import type { Client } from '../client.ts';
import { textFor } from './texts.ts';

/** One attempt to change a document. */
export interface Operation {
  readonly kind: 'put' | 'delete';
  /** A word in every paragraph of the text that a put wrote; one that changes the metadata alone has its predecessor's. */
  readonly mark: string;
  /** In the metadata that a put wrote; no other operation's. */
  readonly edition: number;
  /** Set once it was acknowledged: from then on nothing may lose it. */
  acknowledged?: true;
  /** The version it became, where the acknowledgement says so. */
  version?: number;
}

/** The document that a put writes. */
export const putBody = (document: string, { mark, edition }: Operation) => ({
  text: textFor(document, mark),
  metadata: { edition },
});

/** A way for changes to reach Millrace. */
export interface Sender {
  /** A change that is sent again is the same change; else each attempt may have happened. */
  readonly once: boolean;
  /** Rejects, or resolves with `retry`, when nobody knows whether it was taken. `absent`: there is nothing to delete. */
  send(document: string, operation: Operation): Promise<'acknowledged' | 'absent' | 'retry'>;
  /** How many that are acknowledged wait to be read; rejects when nobody can tell now. */
  behind(): Promise<number>;
  close(): Promise<void>;
}

/** PUT and DELETE, acknowledged by 202 with the version. */
export class HttpSender implements Sender {
  readonly once = false;

  /** @param client the one to use now: it changes when the server is started again */
  constructor(private readonly client: () => Client) {}

  async send(document: string, operation: Operation): Promise<'acknowledged' | 'absent' | 'retry'> {
    const { status, body } =
      operation.kind === 'put'
        ? await this.client().put(document, putBody(document, operation))
        : await this.client().delete(document);
    if (status === 404 && operation.kind === 'delete') return 'absent';
    if (status !== 202) return 'retry';
    operation.version = body.version;
    return 'acknowledged';
  }

  /** An answer says that it was taken. */
  async behind(): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {
    // There is nothing to close.
  }
}
