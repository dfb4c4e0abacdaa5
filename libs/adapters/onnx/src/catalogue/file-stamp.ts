import { stat } from 'node:fs/promises';

/** Another when the file is, without reading it. Undefined while there is none. */
export const stampOf = (file: string): Promise<string | undefined> =>
  stat(file).then(
    ({ size, mtimeMs, ino }) => `${size} ${mtimeMs} ${ino}`,
    () => undefined,
  );
