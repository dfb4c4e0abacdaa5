import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeEnvironment, pythonIn } from '../../../../tools/toolchain/python-environment.mjs';
import { root, type Server } from '../harness.ts';

const folder = join(root, '.millrace', 'python', 'openai');
const beside = (name: string): string => join(root, 'apps/e2e/src/openai-python', name);

/** Why there is none; undefined when it is there now. Installed once, from PyPI. */
export async function lackOfPythonClient(): Promise<string | undefined> {
  const packages = readFileSync(beside('requirements.txt'), 'utf8').trim().split('\n');
  return makeEnvironment(folder, packages).then(
    () => undefined,
    (error: Error) => `no Python client of OpenAI: ${error.message}`,
  );
}

/** What the client understood of an answer, or what it raised. */
export type Understood = Readonly<Record<string, unknown>>;

/** OpenAI's Python client in a process of its own, one question after the other. */
export class PythonClient {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
  ) {}

  static of(server: Server): PythonClient {
    const args = [beside('ask.py'), `${server.url}/v1`, server.key ?? 'unused'];
    const child = spawn(pythonIn(folder), args, { stdio: ['pipe', 'pipe', 'inherit'] });
    return new PythonClient(child, createInterface({ input: child.stdout })[Symbol.asyncIterator]());
  }

  /** @param of a function of `ask.py`; `asked`: what the client is called with */
  async ask(of: string, asked: object = {}): Promise<Understood> {
    this.child.stdin!.write(`${JSON.stringify({ of, with: asked })}\n`);
    const line = await this.lines.next();
    if (line.done) throw new Error('the Python client ended: see above');
    return JSON.parse(line.value) as Understood;
  }

  async stop(): Promise<void> {
    this.child.stdin!.end();
    if (this.child.exitCode === null) await once(this.child, 'exit');
  }
}
