import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root, type Server } from '../harness.ts';

/** Made by `npm test`. */
const python = join(root, '.millrace/python/openai/venv/bin/python');
const program = join(root, 'apps/e2e/src/openai-python/ask.py');

/** Why nobody can be asked by it here; undefined when they can. */
export const noPythonClient = existsSync(python)
  ? undefined
  : 'no Python client of OpenAI: npm test -- e2e makes one, where there is python3 with venv';

/** What the client understood of an answer, or what it raised. */
export type Understood = Readonly<Record<string, unknown>>;

/** OpenAI's Python client in a process of its own, one question after the other. */
export class PythonClient {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
  ) {}

  static of(server: Server): PythonClient {
    const args = [program, `${server.url}/v1`, server.key ?? 'unused'];
    const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'inherit'] });
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
