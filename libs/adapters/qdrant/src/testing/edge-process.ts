import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@millrace/testing';

const root = new URL('../../../../../', import.meta.url);
/** Made by `npm run engines -- up`, natively, and by `npm test`. */
const python = fileURLToPath(new URL('.millrace/engines/bin/qdrant/venv/bin/python', root));
const program = fileURLToPath(new URL('tools/qdrant-edge/server.py', root));
const startMs = 20_000;

/** A Qdrant Edge of the test's own, to be killed. */
export class EdgeProcess {
  static readonly isInstalled = existsSync(python);
  static readonly lack = 'no Qdrant Edge: npm run engines -- up --native --only qdrant';

  private child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<EdgeProcess> {
    const edge = new EdgeProcess(await freePort(), await mkdtemp(join(tmpdir(), 'millrace-qdrant-')));
    await edge.restart();
    return edge;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** On the same port and data; resolves once it answers. */
  async restart(): Promise<void> {
    const args = [program, '--port', String(this.port), '--data', join(this.folder, 'data')];
    this.child = spawn(python, ['-B', ...args], { stdio: 'ignore' });
    for (const deadline = Date.now() + startMs; Date.now() < deadline; await pause(20))
      if (await this.answers()) return;
    throw new Error('Qdrant Edge did not start');
  }

  /** With -9. */
  async kill(): Promise<void> {
    const child = this.child!;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private answers(): Promise<boolean> {
    return fetch(`${this.url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
