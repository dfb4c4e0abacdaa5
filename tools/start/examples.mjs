import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Seconds to wait for one document. */
const patience = 60;

/**
 * Pushes every Markdown file of a folder over HTTP, as any client would, and waits until they are searchable.
 * @param {string} url of the server
 * @param {string} folder
 */
export async function loadExamples(url, folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
  for (const name of names) await push(url, name, await readFile(join(folder, name), 'utf8'));
  const states = await Promise.all(names.map((name) => finalState(url, name)));
  return { total: names.length, indexed: states.filter((state) => state === 'indexed').length };
}

const documentUrl = (url, name) => `${url}/v1/documents/${encodeURIComponent(`examples/${name}`)}`;

async function push(url, name, text) {
  const title = /^# (.+)$/m.exec(text)?.[1] ?? name;
  await answer(documentUrl(url, name), {
    method: 'PUT',
    body: JSON.stringify({ title, text, media_type: 'text/markdown', metadata: { collection: 'examples' } }),
    headers: { 'content-type': 'application/json', ...authorization() },
  });
}

async function finalState(url, name) {
  const { state } = await answer(`${documentUrl(url, name)}?wait=indexed&timeout=${patience}`, {
    headers: authorization(),
  });
  return state;
}

/** Where an admin key is set, a request needs it. */
const authorization = () =>
  process.env.MILLRACE_ADMIN_KEY ? { authorization: `Bearer ${process.env.MILLRACE_ADMIN_KEY}` } : {};

async function answer(url, options) {
  const response = await fetch(url, options);
  const body = await response.json();
  if (response.ok) return body;
  throw new Error(body.error?.message ?? `status ${response.status}`);
}
