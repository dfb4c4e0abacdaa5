import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentInput } from '@millrace/contracts';

const folder = 'apps/standalone/corpus';

/** The pages that the first start loads, as documents. */
export async function examplePages(): Promise<[id: string, document: DocumentInput][]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md'));
  return Promise.all(
    names.map(async (name): Promise<[string, DocumentInput]> => {
      const text = await readFile(join(folder, name), 'utf8');
      return [name, { title: /^# (.+)$/m.exec(text)?.[1] ?? name, text, media_type: 'text/markdown' }];
    }),
  );
}
