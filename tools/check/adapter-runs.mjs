import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../toolchain/root.mjs';

/**
 * What the sources say of ports and who holds to them.
 * @typedef {object} Findings
 * @property {Set<string>} ports names of what libs/ports has tokens for
 * @property {Set<string>} suites ports that a conformance suite in libs/testing holds its adapters to
 * @property {Map<string, string[]>} adapters port -> classes in libs/adapters that implement it
 * @property {Map<string, string[]>} runs port -> names that its suite is run under, anywhere in libs
 */

/** Those that stand on several databases: a run on each. */
const variants = { SqlRegistry: ['SqlRegistry on SQLite', 'SqlRegistry on PostgreSQL'] };

/**
 * Every port's adapters run its conformance suite, and a port that has two adapters has one. What is wanting, a line each.
 * @param {Findings} findings
 * @returns {string[]}
 */
export function missingRuns({ suites, adapters, runs }) {
  return [...adapters].flatMap(([port, classes]) => {
    if (!suites.has(port))
      return classes.length < 2
        ? []
        : [`${classes.join(' and ')}: there is no ${suiteOf(port)} to hold them to`];
    const run = runs.get(port) ?? [];
    return classes
      .flatMap((name) => variants[name] ?? [name])
      .filter((name) => !run.some((title) => title === name || title.startsWith(`${name} `)))
      .map((name) => `${name}: no spec that is run calls ${suiteOf(port)}('${name}', ...)`);
  });
}

/** @returns {Findings} of the sources of this repository */
export function readFindings() {
  const ports = new Set(sources('libs/ports/src').flatMap(injected));
  const declared = new Set(sources('libs/testing/src/conformance').flatMap(functionsOf));
  const suites = new Set([...ports].filter((port) => declared.has(suiteOf(port))));
  const findings = { ports, suites, adapters: new Map(), runs: new Map() };
  for (const source of sources('libs/adapters')) if (!isSpec(source)) collectAdapters(source, findings);
  for (const source of sources('libs')) if (isOfSuite(source)) collectRuns(source, findings);
  return findings;
}

/** `BlobStore` -> `blobStoreConformance` */
const suiteOf = (port) => `${port[0].toLowerCase()}${port.slice(1)}Conformance`;

const isSpec = ({ fileName }) => fileName.endsWith('.spec.ts');

/** By the names that vitest.config.ts gives to suites: any other word before `spec` is none. */
const isOfSuite = ({ fileName }) =>
  /\/[\w-]+(?:\.conformance)?(?:\.(?:medium|engine))?\.spec\.ts$/.test(fileName);

/** The others need not be parsed. */
const telling = /\bSymbol\(|\bimplements\b|Conformance\(/;

const sources = (folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') }))
    .filter(({ text }) => telling.test(text))
    .map(({ name, text }) => parse(name, text));

/** @returns {import('typescript').SourceFile} */
export const parse = (name, text) => ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);

/** What composition provides: `export const CACHE = Symbol('Cache')` names the port `Cache`. */
const injected = (source) =>
  source.statements.filter(ts.isVariableStatement).flatMap(({ declarationList: { declarations } }) =>
    declarations.flatMap(({ initializer }) => {
      const isSymbol =
        initializer && ts.isCallExpression(initializer) && initializer.expression.getText() === 'Symbol';
      return isSymbol ? initializer.arguments[0].text : [];
    }),
  );

const functionsOf = (source) =>
  source.statements.filter(ts.isFunctionDeclaration).map(({ name }) => name?.text);

/** @param {Findings} findings */
export function collectAdapters(source, { ports, adapters }) {
  for (const statement of source.statements) {
    if (!ts.isClassDeclaration(statement)) continue;
    const names = statement.heritageClauses?.flatMap(({ types }) =>
      types.map(({ expression }) => expression.getText()),
    );
    for (const port of names ?? []) if (ports.has(port)) add(adapters, port, statement.name.text);
  }
}

/** @param {Findings} findings */
export function collectRuns(source, { suites, runs }) {
  const visit = (node) => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const port = [...suites].find((name) => suiteOf(name) === node.expression.text);
      const [title] = node.arguments;
      if (port && title && ts.isStringLiteralLike(title) && !isLeftOut(node)) add(runs, port, title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

/** Within a `describe.skip`, or in a branch that is never taken. */
function isLeftOut(node) {
  for (let at = node.parent; at; at = at.parent) {
    if (ts.isCallExpression(at) && /\.(?:skip|todo)$/.test(at.expression.getText())) return true;
    if (ts.isIfStatement(at) && at.expression.kind === ts.SyntaxKind.FalseKeyword) return true;
  }
  return false;
}

const add = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value]);
