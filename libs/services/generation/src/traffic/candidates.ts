import { MillraceError } from '@millrace/contracts';
import type { BackEnd, Capability } from '@millrace/ports';
import type { Candidate } from './preference.ts';

export interface Demand {
  /** A model, or one of our names for some; undefined: whatever a back end takes for its default. */
  readonly model: string | undefined;
  readonly needs: ReadonlySet<Capability>;
  /** The one back end that may be asked. */
  readonly backEnd?: string | undefined;
}

/** `isSet`: the operator named the model, and not the caller alone. */
type Named = Omit<Candidate, 'standing'> & { readonly isSet: boolean };

/**
 * Who could answer. Throws `back_end_not_found`, `model_not_found`, or `unsupported_parameter` where nobody can do what is
 * asked for.
 */
export function candidatesFor(backEnds: readonly BackEnd[], { model, needs, backEnd }: Demand): Named[] {
  const allowed = backEnd === undefined ? backEnds : backEnds.filter(({ name }) => name === backEnd);
  if (backEnd !== undefined && allowed.length === 0)
    throw new MillraceError('back_end_not_found', { param: 'header.x-millrace-backend' });
  const named = namedBy(allowed, model);
  if (named.length === 0) throw new MillraceError('model_not_found', { param: 'model' });
  const able = named.filter((one) => lacking(one.backEnd, needs) === undefined);
  if (able.length > 0) return able;
  const lacks = lacking(named[0]!.backEnd, needs)!;
  throw new MillraceError('unsupported_parameter', {
    param: parameterOf[lacks],
    detail: `no back end of this model can do it (${lacks})`,
  });
}

/** Whoever has a model of this name, or an alias; else whoever takes any name. */
function namedBy(backEnds: readonly BackEnd[], model: string | undefined): Named[] {
  if (model === undefined) return backEnds.map((backEnd) => ({ backEnd, model, isSet: false }));
  const having = backEnds.flatMap((backEnd) => {
    const meant = modelOf(backEnd, model);
    return meant === undefined ? [] : [{ backEnd, model: meant, isSet: true }];
  });
  if (having.length > 0) return having;
  return backEnds
    .filter(({ models }) => models === undefined)
    .map((backEnd) => ({ backEnd, model, isSet: false }));
}

const modelOf = ({ aliases = {}, models = [] }: BackEnd, name: string): string | undefined =>
  Object.hasOwn(aliases, name) ? aliases[name] : models.find((model) => model === name);

const lacking = ({ capabilities }: BackEnd, needs: ReadonlySet<Capability>): Capability | undefined =>
  capabilities && [...needs].find((need) => !capabilities.includes(need));

const parameterOf: Readonly<Record<Capability, string>> = {
  tools: 'tools',
  vision: 'messages',
  json: 'response_format',
  completions: 'model',
  suffix: 'suffix',
};
