import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { code, section, table } from '../markdown.ts';

/** Folders of folders, which are no projects. */
const groups: readonly (readonly string[])[] = [
  ['libs/adapters', 'one folder for each outside technology'],
  ['libs/services', 'one folder for each service'],
];

interface Project {
  readonly metadata?: { readonly description?: string };
}

/** `docs/architecture.md` with its two tables of folders made from the descriptions in each `project.json`. */
export function architecturePage(): string {
  const page = readFileSync('docs/architecture.md', 'utf8');
  return ['apps', 'libs'].reduce(withTable, page);
}

const withTable = (page: string, parent: string): string =>
  section(page, parent, table(['Folder', 'What it is'], rows(parent)));

const rows = (parent: string): string[][] =>
  [
    ...projects(parent).map((file) => [dirname(file), descriptionIn(file)]),
    ...groups.filter(([folder]) => folder?.startsWith(`${parent}/`)),
  ]
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .map(([folder = '', description = '']) => [code(folder), description]);

const projects = (parent: string): string[] =>
  globSync([`${parent}/*/project.json`, `${parent}/*/*/project.json`]).filter(
    (file) => !file.includes('node_modules'),
  );

function descriptionIn(file: string): string {
  const { metadata } = JSON.parse(readFileSync(file, 'utf8')) as Project;
  if (metadata?.description) return metadata.description;
  throw new Error(`${file} has no metadata.description: one line that says what the folder is`);
}
