/** Parts read ahead of a reader that is busy; then the source waits too. */
const maxAhead = 256;

/**
 * Everything that has come since it was last asked: while one call to moderation is under way the next texts gather, so
 * that the number of calls follows the time they take and not how finely the back end cuts. An error comes after the
 * parts before it.
 */
export async function* readAhead<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T[]> {
  const ready: T[] = [];
  let changed = Promise.withResolvers<void>();
  let taken = Promise.withResolvers<void>();
  let over = false;
  let stopped = false;
  const read = async () => {
    for await (const part of source) {
      if (stopped) return;
      ready.push(part);
      changed.resolve();
      if (ready.length >= maxAhead) await taken.promise;
    }
  };
  let failure: { readonly error: unknown } | undefined;
  void read()
    .catch((error: unknown) => (failure = { error }))
    .finally(() => {
      over = true;
      changed.resolve();
    });
  try {
    for (;;) {
      await changed.promise;
      changed = Promise.withResolvers();
      if (ready.length > 0) {
        const parts = ready.splice(0);
        taken.resolve();
        taken = Promise.withResolvers();
        if (over) changed.resolve();
        yield parts;
      } else if (failure) throw failure.error;
      else if (over) return;
    }
  } finally {
    stopped = true;
    taken.resolve();
  }
}
