import { expect, it, vi } from 'vitest';
import { chooseRuntime, type Facts } from './choose-runtime.mjs';

const nothing: Facts = { asked: undefined, had: undefined, wrote: [], program: false };
const here = () => Promise.resolve(undefined);
const away = () => Promise.resolve('no Docker daemon answers');

it.each<[string, Partial<Facts>, 'native' | 'docker']>([
  ['nothing is there', {}, 'docker'],
  ['its program is', { program: true }, 'native'],
  ['it has native data', { wrote: ['native'] }, 'native'],
  ['it has data of a container', { wrote: ['docker'], program: true }, 'docker'],
  ['it has data of both', { wrote: ['native', 'docker'] }, 'native'],
  ['it was a container when it crashed', { had: 'docker', wrote: ['native'], program: true }, 'docker'],
  ['it was a process when it crashed', { had: 'native', wrote: ['docker'] }, 'native'],
  ['it is asked to be a container', { asked: 'docker', had: 'native', program: true }, 'docker'],
  ['it is asked to be a process', { asked: 'native', had: 'docker' }, 'native'],
])('where the image can be had and %s: %o is %s', async (_where, facts, runtime) => {
  expect(await chooseRuntime({ ...nothing, ...facts }, here)).toEqual({ runtime });
});

it('is native and says why where the image cannot be had', async () => {
  const native = { runtime: 'native', why: 'no Docker daemon answers' };
  expect(await chooseRuntime(nothing, away)).toEqual(native);
  expect(await chooseRuntime({ ...nothing, wrote: ['docker'], program: true }, away)).toEqual(native);
});

it('does not leave Docker by itself after a crash', async () => {
  expect(await chooseRuntime({ ...nothing, had: 'docker' }, away)).toEqual({ runtime: 'docker' });
});

it('does not ask Docker where the program or native data is here', async () => {
  const imageLack = vi.fn(away);
  for (const facts of [{ program: true }, { wrote: ['native'] }] as const)
    await chooseRuntime({ ...nothing, ...facts }, imageLack);
  expect(imageLack).not.toHaveBeenCalled();
});
