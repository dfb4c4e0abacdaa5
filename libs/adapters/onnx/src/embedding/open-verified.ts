import { stampOf } from '../catalogue/file-stamp.ts';
import { sha256Of } from '../catalogue/verify.ts';

/** What is opened is the file with this checksum: one that takes its place before or meanwhile is refused. */
export async function openVerified<T>(file: string, sha256: string, open: () => Promise<T>): Promise<T> {
  const stamp = await stampOf(file);
  const refuse = (): never => {
    throw new Error(`${file} is another than the one whose vectors were asked for`);
  };
  if ((await sha256Of(file)) !== sha256) refuse();
  const opened = await open();
  return (await stampOf(file)) === stamp ? opened : refuse();
}
