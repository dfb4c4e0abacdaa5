import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelsDir, nodeEnvironment, Server } from './harness.ts';

const main = fileURLToPath(new URL('../../../dist/apps/standalone/main.js', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a server that ends by itself. */
function run(args: readonly string[], env: Record<string, string> = {}) {
  const settings = { MILLRACE_DATA_DIR: folder, MILLRACE_MODELS_DIR: modelsDir, MILLRACE_LOG_FORMAT: 'json' };
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { ...nodeEnvironment, ...settings, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('the server', () => {
  it('says its version and how to start it, and ends', async () => {
    expect(await run(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/) as string,
    });
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--check-config');
    expect(stdout).toContain('docs/reference/settings.md');
  });

  it('does not start with an option that there is not', async () => {
    const { code, stderr } = await run(['--port', '9000']);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no option --port.');
  });

  it('says in one line which settings file it cannot read', async () => {
    const none = await run([], { MILLRACE_CONFIG: '/nope.yaml' });
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toMatch(/^MILLRACE_CONFIG names \/nope\.yaml, which does not exist\. .+\.\n$/);
    const path = join(folder, 'broken.yaml');
    await writeFile(path, 'port: [1\nadmin_key: secret\n');
    const broken = await run([], { MILLRACE_CONFIG: path });
    expect(broken.code).toBe(2);
    expect(broken.stderr).toMatch(/^The settings file .+broken\.yaml cannot be read: .+\n$/);
    expect(broken.stderr).not.toContain('secret');
  });

  it('says that the port is taken, and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await run([], { MILLRACE_PORT: String(port) });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} of 127.0.0.1 is taken`);
    expect(stderr).toContain('MILLRACE_PORT');
  });

  it('refuses a second process on the same data folder with a plain message', async () => {
    const dataDir = await mkdtemp(join(folder, 'used-'));
    const first = await Server.start({ dataDir });
    await expect(Server.start({ dataDir })).rejects.toThrow(
      /Another Millrace is using this data folder[^]*MILLRACE_DATA_DIR/,
    );
    await first.stop();
  });

  it('refuses to be reachable from other machines without an admin key', async () => {
    await expect(Server.start({ env: { MILLRACE_HOST: '0.0.0.0' } })).rejects.toThrow(/MILLRACE_ADMIN_KEY/);
  });

  it('names every wrong setting at once', async () => {
    const env = { MILLRACE_PARSER_TIMEOUT_MS: 'soon', MILLRACE_LOG_LEVEL: 'loud', MILLRACE_PROT: '1' };
    await expect(Server.start({ env })).rejects.toThrow(
      /MILLRACE_LOG_LEVEL[^]*MILLRACE_PARSER_TIMEOUT_MS[^]*MILLRACE_PROT|MILLRACE_PROT/,
    );
  });
});
