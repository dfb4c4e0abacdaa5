const rememberMs = 2_000;
const rememberAtMost = 10_000;

/** Answers of another service, so that not every request asks: for two seconds, which is how long a change takes to be seen. */
export class Remembered<T> {
  private known = new Map<string, { readonly answer: T; readonly until: number }>();

  /** @param ask where the answer is not known or no longer */
  async get(key: string, ask: () => Promise<T>): Promise<T> {
    const { known } = this;
    // From before the question on: the answer is as old as that.
    const now = Date.now();
    const remembered = known.get(key);
    if (remembered && remembered.until > now) return remembered.answer;
    const answer = await ask();
    if (known.size >= rememberAtMost) known.clear();
    // Where things changed meanwhile, nobody looks here any more.
    known.set(key, { answer, until: now + rememberMs });
    return answer;
  }

  /** After a change. */
  forgetAll(): void {
    this.known = new Map();
  }
}
