import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const folder = 'libs/contracts/src';

/**
 * The doc comments of the contracts, by path: `documentStatus.version`, `events.documentIndexed.schema.outcome`. A path
 * is the names of the constant and of the properties on the way; calls around object literals do not count.
 */
export function docComments(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
  )) {
    const source = ts.createSourceFile(
      name,
      readFileSync(join(folder, name), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    collect(source, '', found);
  }
  return found;
}

function collect(node: ts.Node, path: string, found: Map<string, string>): void {
  const name = nameOf(node);
  const here = name === undefined ? path : path ? `${path}.${name}` : name;
  const comment = name === undefined ? undefined : commentOf(node);
  if (comment) found.set(here, comment);
  node.forEachChild((child) => collect(child, here, found));
}

function nameOf(node: ts.Node): string | undefined {
  if (!ts.isVariableDeclaration(node) && !ts.isPropertyAssignment(node)) return undefined;
  return ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : undefined;
}

function commentOf(node: ts.Node): string | undefined {
  const [comment] = ts.getJSDocCommentsAndTags(node);
  return comment ? ts.getTextOfJSDocComment(comment.comment)?.replaceAll(/\s+/g, ' ') : undefined;
}
