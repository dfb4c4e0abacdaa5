import type { Accepted, Answer as Response, Client } from '../client.ts';
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
  /** The document's version with it, where the answer says so; 0: there is no such document. */
  version?: number;
}

/** The document that a put writes. */
export const putBody = (document: string, { mark, edition }: Operation) => ({
  text: textFor(document, mark),
  metadata: { edition },
});

/** `absent`: there is nothing to delete. `unsent`: surely not taken. `retry`: nobody knows whether it was. */
export type Answer = 'acknowledged' | 'absent' | 'unsent' | 'retry';

/** A way for changes to reach Millrace. */
export interface Sender {
  /** A change that is sent again is the same change; else each attempt may have happened. */
  readonly once: boolean;
  /** A delete of what was never there is a version of it; else nothing. */
  readonly deletesUnknown: boolean;
  /** Rejects when nobody knows whether it was taken. */
  send(document: string, operation: Operation): Promise<Answer>;
  /** How many that are acknowledged wait to be read; rejects when nobody can tell now. */
  behind(): Promise<number>;
  close(): Promise<void>;
}

/** PUT and DELETE, acknowledged by 202 with the version. */
export class HttpSender implements Sender {
  readonly once = false;
  readonly deletesUnknown = false;

  /** @param client the one to use now: it changes when the server is started again */
  constructor(private readonly client: () => Client) {}

  async send(document: string, operation: Operation): Promise<Answer> {
    const answer = await this.ask(document, operation).catch(unlessRefused);
    if (!answer) return 'unsent';
    if (answer.status === 404 && operation.kind === 'delete') {
      operation.version = 0;
      return 'absent';
    }
    if (answer.status !== 202) return 'retry';
    operation.version = answer.body.version;
    return 'acknowledged';
  }

  /** An answer says that it was taken. */
  async behind(): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {
    // There is nothing to close.
  }

  private ask(document: string, operation: Operation): Promise<Response<Accepted>> {
    return operation.kind === 'put'
      ? this.client().put(document, putBody(document, operation))
      : this.client().delete(document);
  }
}

/** Nobody listened, so nothing was sent. */
function unlessRefused(error: unknown): undefined {
  const { cause } = error as { cause?: NodeJS.ErrnoException };
  if (cause?.code !== 'ECONNREFUSED') throw error;
}
