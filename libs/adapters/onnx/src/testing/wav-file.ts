/** For specs: a PCM WAV file of these channels. */
export function wavFile(channels: readonly Float32Array[], rate: number, bits: 8 | 16 | 24): Buffer {
  const frame = (channels.length * bits) / 8;
  const data = Buffer.alloc(channels[0]!.length * frame);
  for (const [channel, samples] of channels.entries())
    for (const [at, value] of samples.entries())
      writeSample(data, at * frame + (channel * bits) / 8, Math.max(-1, Math.min(1, value)), bits);
  return Buffer.concat([header(data.length, channels.length, rate, bits), data]);
}

function writeSample(data: Buffer, at: number, value: number, bits: 8 | 16 | 24): void {
  if (bits === 8) data.writeUInt8(Math.round(value * 127) + 128, at);
  else data.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), at, bits / 8);
}

function header(bytes: number, channels: number, rate: number, bits: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE((rate * channels * bits) / 8, 28);
  head.writeUInt16LE((channels * bits) / 8, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return head;
}
