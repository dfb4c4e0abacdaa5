/** Keeps the place of what is on its way. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">Loading {what}</span>
      <span className="loading-bar" aria-hidden="true" />
      <span className="loading-bar" aria-hidden="true" />
      <span className="loading-bar" aria-hidden="true" />
    </div>
  );
}
