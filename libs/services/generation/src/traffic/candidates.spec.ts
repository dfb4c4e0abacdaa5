import type { BackEnd, Capability } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { candidatesFor, type Demand } from './candidates.ts';

const backEnd = (name: string, more: Partial<BackEnd> = {}): BackEnd => ({
  name,
  weight: 1,
  generator: {} as BackEnd['generator'],
  ...more,
});
const local = backEnd('local', { models: ['llama'], aliases: { fast: 'llama' }, capabilities: ['tools'] });
const hosted = backEnd('hosted', { models: ['big', 'llama'], aliases: { fast: 'small', best: 'big' } });
const open = backEnd('open');

const find = (backEnds: readonly BackEnd[], demand: Partial<Demand>) =>
  candidatesFor(backEnds, { model: undefined, needs: new Set(), ...demand }).map(
    (one) => `${one.backEnd.name}/${one.model}`,
  );
const needing = (...needs: Capability[]) => ({ needs: new Set(needs) });

describe('who could answer', () => {
  it('is everybody where no model is named', () => {
    expect(find([local, open], {})).toEqual(['local/undefined', 'open/undefined']);
  });

  it('is who has the model, by its name or an alias', () => {
    expect(find([local, hosted, open], { model: 'llama' })).toEqual(['local/llama', 'hosted/llama']);
    expect(find([local, hosted, open], { model: 'fast' })).toEqual(['local/llama', 'hosted/small']);
    expect(find([local, hosted, open], { model: 'best' })).toEqual(['hosted/big']);
  });

  it('is who takes any name where nobody has it', () => {
    expect(find([local, hosted, open], { model: 'other' })).toEqual(['open/other']);
    expect(() => find([local, hosted], { model: 'other' })).toThrow(
      expect.objectContaining({ code: 'model_not_found' }),
    );
    expect(() => find([local], { model: 'toString' })).toThrow();
  });

  it('is the one that is named', () => {
    expect(find([local, hosted], { model: 'llama', backEnd: 'hosted' })).toEqual(['hosted/llama']);
    expect(find([local, open], { model: 'llama', backEnd: 'open' })).toEqual(['open/llama']);
    expect(() => find([local], { backEnd: 'nobody' })).toThrow(
      expect.objectContaining({ code: 'back_end_not_found' }),
    );
    expect(() => find([local, hosted], { model: 'big', backEnd: 'local' })).toThrow(
      expect.objectContaining({ code: 'model_not_found' }),
    );
  });

  it('is who can do what is asked for, and what nobody can is named', () => {
    expect(find([local, hosted], { model: 'llama', ...needing('vision') })).toEqual(['hosted/llama']);
    expect(find([local, hosted], { model: 'llama', ...needing('tools') })).toHaveLength(2);
    expect(() => find([local], { model: 'llama', ...needing('tools', 'json') })).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param: 'response_format' }),
    );
    expect(() => find([local], { model: 'llama', ...needing('completions') })).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param: 'model' }),
    );
  });
});
