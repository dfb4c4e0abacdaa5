import type { WeightedFeatures } from '@millrace/text';

/** The products of each with each, row by row. Row and column have the order of the list. */
export function similarities(rows: readonly WeightedFeatures[]): Float64Array {
  const products = new Float64Array(rows.length ** 2);
  for (const { having, values } of byFeature(rows))
    for (let one = 0; one < having.length; one++) {
      const row = having[one]! * rows.length;
      const value = values[one]!;
      for (let other = 0; other < having.length; other++)
        products[row + having[other]!]! += value * values[other]!;
    }
  return products;
}

interface Having {
  readonly having: number[];
  readonly values: number[];
}

function byFeature(rows: readonly WeightedFeatures[]): Iterable<Having> {
  const lists = new Map<number, Having>();
  for (const [row, { features, values }] of rows.entries())
    features.forEach((feature, at) => {
      let list = lists.get(feature);
      if (!list) lists.set(feature, (list = { having: [], values: [] }));
      list.having.push(row);
      list.values.push(values[at]!);
    });
  return lists.values();
}

export function similaritiesOfVectors(vectors: readonly Float64Array[]): Float64Array {
  const products = new Float64Array(vectors.length ** 2);
  for (const [row, one] of vectors.entries())
    for (let column = 0; column <= row; column++) {
      const other = vectors[column]!;
      let sum = 0;
      for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!;
      products[row * vectors.length + column] = products[column * vectors.length + row] = sum;
    }
  return products;
}

export function sumOf(parts: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(parts[0]!.length);
  for (const part of parts) for (let at = 0; at < sum.length; at++) sum[at]! += part[at]!;
  return sum;
}
