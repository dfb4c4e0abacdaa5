import { describe, expect, it } from 'vitest';
import { fromBytes, toBytes } from './vector-bytes.ts';

const vector = Float32Array.of(0.25, -1, 3);

describe('fromBytes', () => {
  it('reads what toBytes wrote', () => {
    expect(fromBytes(toBytes([vector]))).toEqual(vector);
  });

  it('reads a Node Buffer that is part of a larger one, at any offset, as network clients give them', () => {
    const received = Buffer.concat([Buffer.from('$12\r\n'), toBytes([vector]), Buffer.from('\r\n')]);
    expect(fromBytes(received.subarray(5, 17))).toEqual(vector);
  });
});
