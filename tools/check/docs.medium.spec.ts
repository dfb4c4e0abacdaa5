import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folders = (parent: string): string[] =>
  readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${parent}/${name}`);

describe('docs/architecture.md', () => {
  it('explains every folder of apps and libs in one line, and no other', () => {
    const rows = readFileSync('docs/architecture.md', 'utf8').matchAll(
      /^\| `((?:apps|libs)\/[^`]+)` +\| \S/gm,
    );
    const tree = ['apps', 'libs', 'libs/services', 'libs/adapters'].flatMap(folders);
    expect([...rows].map(([, folder]) => folder).sort()).toEqual(tree.sort());
  });
});

describe('the documentation', () => {
  const pages = globSync([
    '*.md',
    'docs/**/*.md',
    'libs/**/README.md',
    'apps/**/README.md',
    'tools/**/README.md',
    'infra/**/README.md',
  ]);

  it.each(pages)('%s links only to what is there', (page) => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(
      ([, target = '']) => target,
    );
    const missing = links.filter(
      (target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(page), target)),
    );
    expect(missing).toEqual([]);
  });

  it.each(pages.filter((page) => page.startsWith('libs/')))('%s stays under 20 lines', (page) => {
    expect(readFileSync(page, 'utf8').trimEnd().split('\n').length).toBeLessThan(20);
  });
});
