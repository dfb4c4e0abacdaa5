import type { NextModel } from '@millrace/contracts';
import { isoAt } from './plan-switches.ts';

/** Looked at from the first document on, and compared: what was found out before says nothing any more. */
export function comparedAnew(
  { at: _, why: __, against: ___, comparison: ____, ...next }: NextModel,
  now: number,
): NextModel {
  return { ...next, phase: 'filling', pass_at: isoAt(now), passes: 0, looked_at: 0, missing: 0 };
}

/** Whether what was found out about it was found out beside that model. */
export const isJudgedBeside = ({ phase, against }: NextModel, serving: string): boolean =>
  phase === 'filling' || against === serving;

/** As it is when that model serves. */
export const besideThat = (next: NextModel, serving: string, now: number): NextModel =>
  isJudgedBeside(next, serving) ? next : comparedAnew(next, now);

export const refusalOf = ({ model, why }: NextModel): string => {
  if (why === 'documents_missing')
    return `documents lack vectors of ${model}: push them anew or delete them, or force it`;
  if (why === 'file_replaced')
    return `${model} has another file than its vectors were made by: prepare it again`;
  return `${model} finds less than the one that serves: force it, or retire it`;
};
