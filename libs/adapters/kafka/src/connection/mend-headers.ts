import Decoder from 'kafkajs/src/protocol/decoder.js';

type Decoded = InstanceType<typeof Decoder>;

interface Header {
  readonly key: string;
  readonly value: Buffer | null;
}
type Values = Record<string, Header['value'] | Header['value'][]>;

let mended = false;

/**
 * kafkajs 2.2.4 copies all headers of a record at each of them (`protocol/recordBatch/record/v0/decoder.js`): a record of
 * 40 kB with 5,000 headers held its consumer up for ten seconds, one of a megabyte without end. With this, what it reduces
 * its list of headers to is made in one pass.
 */
export function mendHeaders(): void {
  if (mended) return;
  mended = true;
  const { prototype } = Decoder;
  const { readVarIntArray } = prototype;
  // Headers of records are all that it is asked for.
  prototype.readVarIntArray = function <T>(this: Decoded, reader: (decoder: Decoded) => T): T[] {
    const headers = readVarIntArray.call(this, reader) as T[];
    Object.defineProperty(headers, 'reduce', { value: () => valuesByName(headers as Header[]) });
    return headers;
  };
}

/** The value of each name; of one that is there several times, all in their order. */
function valuesByName(headers: readonly Header[]): Values {
  const values = Object.create(null) as Values;
  for (const { key, value } of headers) {
    const known = values[key];
    if (known === undefined) values[key] = value;
    else if (Array.isArray(known)) known.push(value);
    else values[key] = [known, value];
  }
  return values;
}
