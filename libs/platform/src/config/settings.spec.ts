import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineSettings, Settings, variableName } from './settings.ts';

const mill = defineSettings('mill', {
  wheels: { schema: z.coerce.number().int().min(1).default(2), reason: 'How many.' },
  grainKind: { schema: z.enum(['spelt', 'rye']).default('spelt'), reason: 'What is ground.' },
});
const top = defineSettings('', { port: { schema: z.coerce.number().default(8080), reason: 'Where.' } });

const read = (environment: Record<string, string>, file: Record<string, unknown> = {}) =>
  new Settings([top, mill], { environment, file });

describe('settings', () => {
  it('have their defaults when nothing is set', () => {
    expect(read({}).of(mill)).toEqual({ wheels: 2, grainKind: 'spelt' });
  });

  it('come from the environment before the file, and from the file before the default', () => {
    const file = { port: 1, mill: { wheels: 3, grain_kind: 'rye' } };
    const settings = read({ MILLRACE_MILL_WHEELS: '4' }, file);
    expect(settings.problems).toEqual([]);
    expect(settings.of(mill)).toEqual({ wheels: 4, grainKind: 'rye' });
    expect(settings.of(top)).toEqual({ port: 1 });
  });

  it('treat an empty variable as unset', () => {
    expect(read({ MILLRACE_MILL_WHEELS: '' }).of(mill).wheels).toBe(2);
  });

  it('report every problem at once, with the place and the reason', () => {
    const { problems } = read(
      { MILLRACE_MILL_WHEELS: 'two', MILLRACE_WHEEL: '1' },
      { mill: { grain_kind: 'oats', sacks: 1 }, moon: 1 },
    );
    expect(problems.map(({ where }) => where)).toEqual([
      'MILLRACE_MILL_WHEELS',
      'millrace.yaml: mill.grain_kind',
      'MILLRACE_WHEEL',
      'millrace.yaml: mill.sacks',
      'millrace.yaml: moon',
    ]);
    expect(problems[0]?.message).toContain('How many.');
  });

  it('are named after their group and field', () => {
    expect(variableName('mill', 'grainKind')).toBe('MILLRACE_MILL_GRAIN_KIND');
    expect(variableName('', 'port')).toBe('MILLRACE_PORT');
  });
});
