import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** Where the package of pdf.js keeps what it reads while it works, by the name of the option that it has for it. */
const folders = { cMapUrl: 'cmaps', standardFontDataUrl: 'standard_fonts' } as const;

/**
 * Gives pdf.js the character maps of Chinese, Japanese and Korean fonts, and the fonts that files take for granted:
 * from its package on disk, as what it does by itself needs a web server.
 */
class PdfjsPackageData {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    if (!isKept(kind)) throw new Error(`no ${kind} is kept`);
    const root = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
    return new Uint8Array(await readFile(join(root, folders[kind], basename(filename))));
  }
}

const isKept = (kind: string): kind is keyof typeof folders => Object.hasOwn(folders, kind);

/** Options for reading a document. */
export const pdfjsData = {
  BinaryDataFactory: PdfjsPackageData,
  useWorkerFetch: false,
  cMapPacked: true,
} as const;
