import type { CatalogueEntry } from '@millrace/adapters/onnx';

/** Bytes as a person reads them: `22.9 MB`. */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export const sizeOf = ({ files }: CatalogueEntry): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** The result on stdout: JSON, or a line each. */
export function print(json: boolean, value: unknown, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${lines.join('\n')}\n`);
}
