import type { Answer } from '../api/client.ts';

type Status = Answer<'getDocument'>;

/** A file on its way. */
export interface Upload {
  readonly key: number;
  readonly name: string;
  readonly state: 'waiting' | 'sending' | 'refused' | Status['state'];
  /** Of sending, 0 to 1. */
  readonly share: number;
  readonly id?: string;
  /** Why it was refused, or ended in the dead letters. */
  readonly reason?: string;
}

export type UploadChange =
  | { readonly type: 'added'; readonly uploads: readonly Upload[] }
  | { readonly type: 'changed'; readonly key: number; readonly to: Partial<Upload> }
  | { readonly type: 'cleared' };

export function reduceUploads(uploads: readonly Upload[], change: UploadChange): readonly Upload[] {
  if (change.type === 'added') return [...uploads, ...change.uploads];
  if (change.type === 'cleared') return uploads.filter(({ state }) => !isSettled(state));
  return uploads.map((upload) => (upload.key === change.key ? { ...upload, ...change.to } : upload));
}

const settled: ReadonlySet<Upload['state']> = new Set(['refused', 'indexed', 'deleted', 'dead-lettered']);

/** Nothing more will happen by itself. */
export const isSettled = (state: Upload['state']): boolean => settled.has(state);
