export const pages = ['chat', 'documents', 'search'] as const;
export type Page = (typeof pages)[number];

/** A passage to show in its document: UTF-16 offsets in the extracted text, end exclusive. */
export interface PassageRef {
  readonly id: string;
  /** The version that the offsets belong to. */
  readonly version?: number;
  readonly start?: number;
  readonly end?: number;
}

/** What the address says: `#/search?document=a%2Fb.md&version=2&start=10&end=80`. */
export interface Location {
  readonly page: Page;
  /** The document that is open above the page. */
  readonly open?: PassageRef;
}

export function parseLocation(hash: string): Location {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const page = pages.find((name) => name === path) ?? 'chat';
  const fields = new URLSearchParams(query);
  const id = fields.get('document');
  return id ? { page, open: { id, ...numbers(fields) } } : { page };
}

export function formatLocation({ page, open }: Location): string {
  if (!open) return `#/${page}`;
  const { id, ...rest } = open;
  const fields = new URLSearchParams({ document: id });
  for (const name of numberFields) if (rest[name] !== undefined) fields.set(name, String(rest[name]));
  return `#/${page}?${fields.toString()}`;
}

const numberFields = ['version', 'start', 'end'] as const;

const numbers = (fields: URLSearchParams): Omit<PassageRef, 'id'> =>
  Object.fromEntries(
    numberFields.flatMap((name) => {
      const text = fields.get(name);
      return text !== null && /^\d{1,15}$/.test(text) ? [[name, Number(text)]] : [];
    }),
  );
