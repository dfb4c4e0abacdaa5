import { Remembered } from './remembered.ts';

const keysAtMost = 10_000;

/** What another service says of each key, as of two seconds ago at most; or, while it cannot be asked, as it said last. */
export class LastKnown<T> {
  private readonly recent = new Remembered<T>();
  private readonly last = new Map<string, T>();
  private readonly asking = new Map<string, Promise<T>>();

  constructor(private readonly ask: (key: string) => Promise<T>) {}

  /** Rejects where it cannot be asked and never was of this key. */
  of(key: string): Promise<T> {
    return this.recent.get(key, () => this.once(key));
  }

  /** Those who ask at the same time wait for one answer. */
  private once(key: string): Promise<T> {
    const asking = this.asking.get(key) ?? this.now(key).finally(() => this.asking.delete(key));
    this.asking.set(key, asking);
    return asking;
  }

  private async now(key: string): Promise<T> {
    try {
      return this.note(key, await this.ask(key));
    } catch (error) {
      if (!this.last.has(key)) throw error;
      return this.last.get(key)!;
    }
  }

  private note(key: string, answer: T): T {
    this.last.delete(key);
    this.last.set(key, answer);
    if (this.last.size > keysAtMost) this.last.delete(this.last.keys().next().value!);
    return answer;
  }
}
