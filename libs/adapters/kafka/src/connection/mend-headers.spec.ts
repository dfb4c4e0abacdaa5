import Decoder from 'kafkajs/src/protocol/decoder.js';
import decodeRecord from 'kafkajs/src/protocol/recordBatch/record/v0/decoder.js';
import encodeRecord from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
import { describe, expect, it } from 'vitest';
import { mendHeaders } from './mend-headers.ts';

mendHeaders();

const decoded = (headers: Record<string, string | string[]>) => {
  const { buffer } = encodeRecord({ key: Buffer.from('key'), value: Buffer.from('value'), headers });
  const decoder = new Decoder(buffer);
  decoder.readVarInt();
  return Object.entries(decodeRecord(decoder, { firstOffset: '0', firstTimestamp: '0' }).headers).map(
    ([name, value]) => [name, String(value)],
  );
};

describe('the headers of a record', () => {
  it('are its values by name, of one that is there several times all', () => {
    const headers = { type: 'a', __proto__x: 'b', constructor: 'c', twice: ['1', '2', '3'], none: '' };
    expect(decoded(headers)).toEqual(Object.entries({ ...headers, twice: '1,2,3' }));
    expect(decoded({})).toEqual([]);
  });

  it('may be as many as find room, of many names or of one', () => {
    const names = Array.from({ length: 80_000 }, (_, n) => `h${n}`);
    expect(decoded(Object.fromEntries(names.map((name) => [name, 'v'])))).toHaveLength(80_000);
    expect(decoded({ same: names })).toEqual([['same', names.join()]]);
  });
});
