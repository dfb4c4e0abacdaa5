import type { Upload } from './uploads.ts';

/** A state by its word; the colour only repeats it. */
export function StateBadge({ state }: { readonly state: Upload['state'] }) {
  return <span className={`badge badge-${state}`}>{state}</span>;
}
