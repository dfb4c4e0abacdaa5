import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeEnvironment } from '../toolchain/python-environment.mjs';
import { root } from '../toolchain/root.mjs';
import { Stop } from '../toolchain/stop.mjs';

const packages = join(root, 'apps/e2e/src/openai-python/requirements.txt');

/** OpenAI's client for Python, where there is a Python: the suite that asks by it says so if not. */
export async function providePythonClient() {
  try {
    const named = (await readFile(packages, 'utf8')).trim().split('\n');
    await makeEnvironment(join(root, '.millrace', 'python', 'openai'), named);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.log(error.message);
  }
}
