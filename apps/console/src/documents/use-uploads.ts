import { useCallback, useReducer, useRef } from 'react';
import { sendFile, type Sendable } from './send-file.ts';
import { reduceUploads, type Upload } from './uploads.ts';

/** Files sent or followed at a time: a browser opens six connections to one server. */
const atOnce = 3;

/** @param onChange when the server has something new */
export function useUploads(onChange: () => void) {
  const [uploads, change] = useReducer(reduceUploads, []);
  const waiting = useRef<(() => Promise<void>)[]>([]);
  const running = useRef(0);
  const keys = useRef(0);

  const next = useCallback(async (): Promise<void> => {
    if (running.current >= atOnce) return;
    running.current += 1;
    for (let work = waiting.current.shift(); work; work = waiting.current.shift()) await work();
    running.current -= 1;
  }, []);

  const add = useCallback(
    (files: readonly Sendable[]) => {
      const added = files.map(({ path }): Upload => {
        keys.current += 1;
        return { key: keys.current, name: path, state: 'waiting', share: 0 };
      });
      change({ type: 'added', uploads: added });
      for (const [at, { key }] of added.entries()) {
        const report = (to: Partial<Upload>): void => change({ type: 'changed', key, to });
        waiting.current.push(() => sendFile(files[at]!, report, onChange).then(onChange));
        void next();
      }
    },
    [next, onChange],
  );
  const clear = useCallback(() => change({ type: 'cleared' }), []);
  return { uploads, add, clear };
}
