/** 30 ms at 16 kHz. */
const FRAME = 480;
/** Loudness that speech is brought to, root mean square of full scale: about -23 dB. */
const TARGET = 0.07;
/** 30 dB: what needs more is noise. */
const MAX_GAIN = 32;

/**
 * The factor that brings a recording's louder half to the level the models know. Measured on the louder half of the
 * frames, so that pauses do not count; never so much that it clips.
 */
export function gainFor(samples: Float32Array): number {
  const loudness = frameLoudness(samples).sort();
  const louder = loudness.subarray(loudness.length >> 1);
  const mean = Math.sqrt(louder.reduce((sum, value) => sum + value * value, 0) / louder.length);
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(mean > 0)) return 1;
  return Math.min(TARGET / mean, 1 / peak, MAX_GAIN);
}

function frameLoudness(samples: Float32Array): Float32Array {
  const frames = new Float32Array(Math.max(1, Math.floor(samples.length / FRAME)));
  for (let frame = 0; frame < frames.length; frame++) {
    const piece = samples.subarray(frame * FRAME, (frame + 1) * FRAME);
    frames[frame] = Math.sqrt(piece.reduce((sum, value) => sum + value * value, 0) / piece.length);
  }
  return frames;
}
