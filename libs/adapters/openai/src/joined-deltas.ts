import type { GenerationDelta, GenerationPart } from '@millrace/ports';

type Delta = Extract<GenerationPart, { type: 'delta' }>;

/** The same parts, texts of one kind that follow one another as one. An error comes after the parts before it. */
export function* joinedDeltas(parts: Iterable<GenerationPart>): Generator<GenerationPart> {
  let held: Delta | undefined;
  try {
    for (const part of parts) {
      const both = held && part.type === 'delta' ? joined(held, part) : undefined;
      if (held && !both) yield held;
      held = both ?? (part.type === 'delta' ? part : undefined);
      if (!held) yield part;
    }
  } catch (error) {
    if (held) yield held;
    throw error;
  }
  if (held) yield held;
}

const kinds = ['content', 'reasoning', 'refusal'] as const;

function joined(one: Delta, other: Delta): Delta | undefined {
  const kind = kinds.find((each) => isOnly(one.delta, each) && isOnly(other.delta, each));
  if (one.choice !== other.choice || kind === undefined) return undefined;
  const text = `${one.delta[kind]}${other.delta[kind]}`;
  return { ...one, delta: { [kind]: text }, pieces: piecesIn(one) + piecesIn(other) };
}

const isOnly = (delta: GenerationDelta, kind: (typeof kinds)[number]): boolean =>
  delta[kind] !== undefined && Object.keys(delta).length === 1;

const piecesIn = ({ pieces = 1 }: Delta): number => pieces;
