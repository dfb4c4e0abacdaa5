import type { History, Way } from './history.ts';
import { World } from './world.ts';

type Act = (history: History) => History;

const common: Readonly<Record<string, Act>> = {
  'doc-0': (history) => history.put(),
  'doc-1': (history) => history.put().put().put(),
  'doc-2': (history) => history.put().describe(),
  'doc-3': (history) => history.put().delete(),
  'doc-4': (history) => history.put().delete().put(),
  'doc-5': (history) => history.put().delete().delete(),
  'doc-6': (history) => history.delete(),
  'doc-7': (history) => history.delete().put(),
};

/** Over HTTP nobody knows of some tries whether they happened. */
const unanswered: Readonly<Record<string, Act>> = {
  'doc-10': (history) => history.tried('put').put(),
  'doc-11': (history) => history.tried('put').late().put(),
  'doc-12': (history) => history.tried('put').put().late(),
  'doc-13': (history) => history.put().tried('delete').late().delete().put(),
  'doc-14': (history) => history.put().tried('delete').put().late(),
  'doc-15': (history) => history.tried('put').delete().late(),
  'doc-16': (history) => history.put().tried('put').delete().delete(),
};

/** Where nothing went wrong. */
export function rightWorld(way: Way): World {
  const acts = way === 'http' ? { ...common, ...unanswered } : common;
  return Object.entries(acts).reduce((world, [id, act]) => world.document(id, act), new World(way));
}
