/** Frames of 32 ms, `end` exclusive. */
export interface Region {
  readonly start: number;
  readonly end: number;
}

export interface RegionOptions {
  /** Probability at which speech begins. */
  readonly enter: number;
  /** Probability below which it may have ended. */
  readonly leave: number;
  /** Frames below `leave` that end it. */
  readonly pause: number;
  /** Speech shorter than this is a click. */
  readonly shortest: number;
  /** Frames kept before and after. */
  readonly margin: number;
  /** Longest region. */
  readonly longest: number;
}

/** 0.8 s of pause end a segment, 0.4 s are kept around it, and 12 s is as long as one gets: measured by word errors. */
export const defaultRegions: RegionOptions = {
  ...{ enter: 0.5, leave: 0.35, pause: 25, shortest: 3, margin: 12, longest: 375 },
};

/** Where there is speech, in order and without overlap, long stretches split at their quietest moment. */
export function speechRegions(
  probabilities: Float32Array,
  options: RegionOptions = defaultRegions,
): Region[] {
  const spoken = findSpeech(probabilities, options).filter(
    ({ start, end }) => end - start >= options.shortest,
  );
  const padded = spoken.map((region, at) =>
    pad(region, spoken[at - 1], spoken[at + 1], probabilities.length, options),
  );
  return padded.flatMap((region) => split(region, probabilities, options.longest));
}

function findSpeech(probabilities: Float32Array, { enter, leave, pause }: RegionOptions): Region[] {
  const found: Region[] = [];
  let start = -1;
  let lastSpoken = 0;
  for (const [frame, probability] of probabilities.entries()) {
    if (start < 0 && probability >= enter) start = frame;
    if (probability >= leave) lastSpoken = frame;
    if (start < 0 || frame - lastSpoken < pause) continue;
    found.push({ start, end: lastSpoken + 1 });
    start = -1;
  }
  if (start >= 0) found.push({ start, end: lastSpoken + 1 });
  return found;
}

/** The margin, or half the pause where that is less. */
function pad(
  { start, end }: Region,
  before: Region | undefined,
  after: Region | undefined,
  frames: number,
  { margin }: RegionOptions,
): Region {
  const earliest = before ? Math.ceil((before.end + start) / 2) : 0;
  const latest = after ? Math.floor((end + after.start) / 2) : frames;
  return { start: Math.max(earliest, start - margin), end: Math.min(latest, end + margin) };
}

/** In the last two thirds of what fits, where speech is least likely. */
function split(region: Region, probabilities: Float32Array, longest: number): Region[] {
  if (region.end - region.start <= longest) return [region];
  let at = region.start + longest;
  for (let frame = at; frame > region.start + longest / 3; frame--)
    if (probabilities[frame]! < probabilities[at]!) at = frame;
  return [{ start: region.start, end: at }, ...split({ start: at, end: region.end }, probabilities, longest)];
}
