import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { root } from '../toolchain/root.mjs';

/**
 * @typedef {Map<string, string[]>} Imports file -> files it imports, as paths from the root
 */

/**
 * Every circle of imports, as the files along it. Imports of types count: a circle of types binds two files as one too.
 * @param {Imports} imports
 * @returns {string[][]}
 */
export function circles(imports) {
  const found = [];
  const done = new Set();
  const path = [];
  const visit = (file) => {
    const at = path.indexOf(file);
    if (at >= 0) return void found.push([...path.slice(at), file]);
    if (done.has(file)) return;
    path.push(file);
    for (const next of imports.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return found;
}

/** @returns {Imports} of all sources of apps, libs and tools */
export function readImports() {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const cache = ts.createModuleResolutionCache(root, (name) => name, options);
  return new Map(sources().map((file) => [file, importsOf(file, options, cache)]));
}

const sources = () =>
  ['apps', 'libs', 'tools'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(tsx?|mjs)$/.test(name) && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  );

function importsOf(file, options, cache) {
  const path = join(root, file);
  return ts
    .preProcessFile(readFileSync(path, 'utf8'), true, true)
    .importedFiles.map(({ fileName }) => ts.resolveModuleName(fileName, path, options, ts.sys, cache))
    .flatMap(({ resolvedModule }) => {
      const target = resolvedModule && relative(root, resolvedModule.resolvedFileName);
      return target && !target.startsWith('node_modules') && dirname(target) !== '.' ? [target] : [];
    });
}
