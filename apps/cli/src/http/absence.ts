import { ApiError } from '../errors.ts';

/** Shorter than this is a server that is being restarted: nothing to speak of. Milliseconds. */
const worthSayingMs = 2_000;

/** Says once that the server is waited for, and once that it is back; however many requests wait. */
export class Absence {
  private since: number | undefined;
  private said = false;

  constructor(
    private readonly url: string,
    private readonly say: (text: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** A request failed with this and will be sent again. */
  missed(error: unknown): void {
    this.since ??= this.now();
    const lastedMs = this.now() - this.since;
    if (this.said || lastedMs < worthSayingMs) return;
    this.said = true;
    const why = error instanceof ApiError ? error.message : 'It does not answer.';
    this.say(
      `Waiting for the server at ${this.url} (${Math.round(lastedMs / 1000)} s so far) … ${why} This goes on by itself.`,
    );
  }

  /** A request was answered. */
  met(): void {
    if (this.said) this.say(`The server at ${this.url} is back.`);
    this.since = undefined;
    this.said = false;
  }
}
