import type { Head } from '@millrace/adapters/linear-classifier';
import { calibrate, type Calibration } from './calibration.ts';
import { categories, type Category } from './example.ts';
import { isOf, kinds, labelled, trainedFor, type Trained } from './kinds.ts';
import { leftOutScores, separation, type LeftOutScores } from './left-out.ts';
import { sigmoid } from './logistic-regression.ts';
import type { Material, PartName } from './material.ts';
import { featurePart, silentPart, vectorPart } from './parts.ts';
import { sumOf } from './similarities.ts';
import { thresholdOf } from './thresholds.ts';

/** Tried in turn; the one by which texts left out are told apart best is taken. */
const costs = [0.5, 2] as const;

/** A head from those parts of the material that are named. */
export function headOf(material: Material, parts: readonly PartName[]): Head {
  const similarity = sumOf(parts.map((part) => material[part].similarity));
  const { cost, scores } = bestOf(material, similarity);
  const all = material.examples.map((_, row) => row);
  const trained = kinds.map((kind) => trainedFor(kind, all, { material, similarity, cost }));
  const any = trained.at(-1)!;
  const calibrations = categories.map((category) => calibrationOf(material, scores, category));
  const shares = calibrations.map((calibration, at) => sharesOf(all.length, trained[at]!, any, calibration));
  const group = (name: 'words' | 'characters') =>
    parts.includes(name)
      ? featurePart(material[name], shares)
      : silentPart(material[name].frequencies, categories.length);
  return {
    bias: calibrations.map((calibration, at) => biasOf(trained[at]!, any, calibration)),
    thresholds: categories.map((category, at) => thresholdFor(material, scores, category, calibrations[at]!)),
    words: group('words'),
    characters: group('characters'),
    ...(parts.includes('vector') && { vector: vectorPart(material.vector.rows, shares) }),
  };
}

function bestOf(material: Material, similarity: Float64Array) {
  const tried = costs.map((cost) => {
    const scores = leftOutScores({ material, similarity, cost });
    return { cost, scores, separation: separation(material, scores) };
  });
  return tried.reduce((one, other) => (other.separation > one.separation ? other : one));
}

const calibrationOf = (material: Material, scores: LeftOutScores, category: Category): Calibration =>
  calibrate(
    labelled(material, category).map((row) => ({
      own: scores[category][row]!,
      any: scores.any[row]!,
      isPositive: isOf(material, category, row),
    })),
  );

const thresholdFor = (
  material: Material,
  scores: LeftOutScores,
  category: Category,
  { own, any, bias }: Calibration,
): number =>
  thresholdOf(
    labelled(material, category).map((row) => ({
      score: sigmoid(own * scores[category][row]! + any * scores.any[row]! + bias),
      isPositive: isOf(material, category, row),
    })),
  );

/** The calibration is linear as well: it goes into the weights. */
function sharesOf(examples: number, own: Trained, any: Trained, calibration: Calibration): Float64Array {
  const shares = new Float64Array(examples);
  own.rows.forEach((row, at) => (shares[row]! += calibration.own * own.solution.shares[at]!));
  any.rows.forEach((row, at) => (shares[row]! += calibration.any * any.solution.shares[at]!));
  return shares;
}

function biasOf(own: Trained, any: Trained, calibration: Calibration): number {
  const bias = calibration.own * own.solution.bias + calibration.any * any.solution.bias + calibration.bias;
  return Number(bias.toPrecision(6));
}
