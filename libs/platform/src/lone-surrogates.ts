const mayName = /\\u[dD][89a-fA-F]/;

/**
 * Whether JSON names half of a character, as `"\ud800"`: no UTF-8 can hold it (RFC 7493, section 2.1), so it would be
 * stored as something else than was sent. `text` is what `value` was read from.
 */
export const hasLoneSurrogate = (text: string, value: unknown): boolean => mayName.test(text) && isIn(value);

function isIn(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => !key.isWellFormed() || isIn(inner));
}
