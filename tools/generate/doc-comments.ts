import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const folder = 'libs/contracts/src';

/** What the contracts say of their constants and fields. */
export class DocComments {
  private readonly comments = new Map<string, string>();
  /** Path of a field -> the constant that is its schema, or its items'. */
  private readonly schemas = new Map<string, string>();

  /** Those in the source of the contracts. */
  static ofContracts(): DocComments {
    const found = new DocComments();
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8');
      found.collect(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true), '');
    }
    return found;
  }

  /**
   * The comment at a path: `documentStatus.version`, `events.documentIndexed.schema.outcome`. A path is the names of the
   * constant and of the properties on the way; calls around object literals do not count. Inside a field whose schema
   * is a constant of its own, that one's comments are found: `searchResponse.results.score` is `searchResult.score`.
   */
  get(path: string): string | undefined {
    for (let at: string | undefined = path; at !== undefined; at = this.inside(at)) {
      const comment = this.comments.get(at);
      if (comment !== undefined) return comment;
    }
    return undefined;
  }

  /** The same path from the constant on that the innermost of its fields has for a schema. */
  private inside(path: string): string | undefined {
    const names = path.split('.');
    for (let length = names.length - 1; length > 0; length--) {
      const schema = this.schemas.get(names.slice(0, length).join('.'));
      if (schema !== undefined) return [schema, ...names.slice(length)].join('.');
    }
    return undefined;
  }

  private collect(node: ts.Node, path: string): void {
    const name = nameOf(node);
    const here = name === undefined ? path : path ? `${path}.${name}` : name;
    if (name !== undefined) this.note(node, here);
    node.forEachChild((child) => this.collect(child, here));
  }

  private note(node: ts.Node, path: string): void {
    const comment = commentOf(node);
    if (comment) this.comments.set(path, comment);
    const schema = constantIn((node as ts.PropertyAssignment | ts.VariableDeclaration).initializer);
    if (schema) this.schemas.set(path, schema);
  }
}

/** `note` of `note`, `note.optional()` and `z.array(note).max(3)`. */
function constantIn(node: ts.Node | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isIdentifier(node)) return node.text;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression, name } = node.expression;
  const isOfZod = ts.isIdentifier(expression) && expression.text === 'z';
  if (!isOfZod) return constantIn(expression);
  return name.text === 'array' ? constantIn(node.arguments[0]) : undefined;
}

function nameOf(node: ts.Node): string | undefined {
  if (!ts.isVariableDeclaration(node) && !ts.isPropertyAssignment(node)) return undefined;
  return ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : undefined;
}

function commentOf(node: ts.Node): string | undefined {
  const [comment] = ts.getJSDocCommentsAndTags(node);
  return comment ? ts.getTextOfJSDocComment(comment.comment)?.replaceAll(/\s+/g, ' ') : undefined;
}
