import { randomUUID } from 'node:crypto';
import { vi } from 'vitest';

/** What a conformance suite needs of an adapter: made anew for each test. */
export interface Harness<T> {
  /** Opens the port. */
  open(): Promise<T>;
  /** Closes what is still open and removes the data. */
  dispose(): Promise<void>;
  /** Milliseconds after which an expected event is taken not to come. Default 10,000. */
  readonly patienceMs?: number;
}

/** Of a port whose data outlives the process. */
export interface DurableHarness<T> extends Harness<T> {
  /** Again: on the same data. One instance is open at a time. */
  open(): Promise<T>;
  /** Ends the instance as `kill -9` would: nothing is closed, committed or handed back. */
  kill(instance: T): Promise<void>;
}

export const defaultPatienceMs = 10_000;

/** A name no other test uses, of letters, digits and hyphens. */
export const unique = (what: string): string => `${what}-${randomUUID()}`;

/** Waits until an assertion holds. */
export const until = <T>(assertion: () => T | Promise<T>, patienceMs: number): Promise<T> =>
  vi.waitFor(assertion, { timeout: patienceMs, interval: 10 });

/** For what has to come at a random moment; never to wait for something. */
export const passes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
