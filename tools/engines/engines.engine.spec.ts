import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { engine, freePort, noEngine } from '@millrace/testing';
import { localEngine } from './api.mjs';
import { inWords, runtimes, type Runtime } from './choose-runtime.mjs';
import { containerName } from './container.mjs';
import { docker, dockerLack } from './docker.mjs';
import { imageOf, isHere } from './images.mjs';
import { isAlive } from './process-record.mjs';

const names = ['redis', 'postgres'] as const;
const only = ['--only', names.join()];
let dir: string;
let ports: Record<(typeof names)[number], number>;
let runtime: Runtime;

/** `npm run engines -- COMMAND` on the two small engines in a folder of their own. */
function engines(...args: string[]): Promise<{ code: number; output: string }> {
  const all = ['tools/engines/main.mjs', ...args, '--dir', dir, ...(args.includes('--only') ? [] : only)];
  return new Promise((resolve) => {
    execFile(process.execPath, all, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

/** Where and as what they are to run. */
const asked = () => [`--${runtime}`, `--port=redis=${ports.redis}`, `--port=postgres=${ports.postgres}`];
const pid = (name: (typeof names)[number]) => localEngine(name, { dir }).process?.pid;
const pids = () => [pid('redis'), pid('postgres')];
const state = async () =>
  JSON.parse(await readFile(join(dir, 'state.json'), 'utf8')) as Record<string, unknown>;

/** One that listens until it is closed. */
async function listener(port = 0): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

/** Why there is nothing to run; undefined when there is. */
const lack = {
  native: () => {
    const missing = names.find((name) => !engine(name));
    return Promise.resolve(missing && noEngine(missing));
  },
  async docker() {
    const lack = await dockerLack();
    if (lack !== undefined) return `NOT RUN in Docker: ${lack}`;
    for (const image of await Promise.all(names.map(imageOf)))
      if (!(await isHere(image))) return `NOT RUN in Docker: docker pull ${image}`;
    return undefined;
  },
};

describe.each(runtimes)('npm run engines, %s', (each) => {
  beforeEach(async ({ skip }) => {
    const why = await lack[each]();
    if (why !== undefined) skip(why);
  });
  beforeAll(async () => {
    runtime = each;
    dir = await mkdtemp(join(tmpdir(), 'millrace-engines-'));
    ports = { redis: await freePort(), postgres: await freePort() };
  });
  afterAll(async () => {
    await engines('down', '--wipe');
    await rm(dir, { recursive: true, force: true });
  });

  it('brings up what is down, once, although two ask for it at the same time', async () => {
    const runs = await Promise.all([engines('up', ...asked()), engines('up', ...asked())]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(runs.filter(({ output }) => output.includes('Redis serves'))).toHaveLength(1);
    expect(runs.filter(({ output }) => output.includes('Redis was up already'))).toHaveLength(1);
    expect(await state()).toEqual({
      redis: { url: `redis://127.0.0.1:${ports.redis}` },
      postgres: { url: expect.stringContaining(`@127.0.0.1:${ports.postgres}/millrace`) as string },
    });
  });

  it('does nothing the second time, and remembers the ports', async () => {
    const before = pids();
    const { code, output } = await engines('up');
    expect({ code, pids: pids() }).toEqual({ code: 0, pids: before });
    expect(output).toContain(`Redis was up already: redis://127.0.0.1:${ports.redis}`);
    expect(output).not.toContain('@');
  });

  it('refuses to change an engine that runs', async () => {
    const { code, output } = await engines('up', '--port=redis=31999');
    expect(code).toBe(1);
    expect(output).toContain(`Redis runs already, on port ${ports.redis}`);
    const other = each === 'native' ? 'docker' : 'native';
    const changed = await engines('up', `--${other}`);
    expect(changed.code).toBe(1);
    expect(changed.output).toContain(`Redis runs already, ${inWords[each]}`);
    expect(Object.keys(await state())).toEqual(['redis', 'postgres']);
  });

  it('shows what is up, and says so by its exit code', async () => {
    const { code, output } = await engines('status');
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`^Redis +up +${inWords[each]} +redis://127`, 'm'));
    expect(output).toMatch(new RegExp(`^PostgreSQL +up +${inWords[each]} +postgres://127`, 'm'));
  });

  it('notices that a process has been killed, and brings the engine back at the same port', async () => {
    const [redis] = pids();
    expect(await engines('kill')).toMatchObject({ code: 0 });
    expect(await engines('status')).toMatchObject({
      code: 1,
      output: expect.stringMatching(`down.* its process ${redis} has gone`) as string,
    });
    expect(await engines('up')).toMatchObject({ code: 0 });
    expect((await engines('status')).output).toContain(`redis://127.0.0.1:${ports.redis}`);
    expect(pid('redis')).not.toBe(redis);
  });

  it('does not take a later process with the same number for the engine', async () => {
    await engines('kill', '--only', 'redis');
    const record = join(dir, 'run/redis.json');
    await writeFile(record, JSON.stringify({ pid: process.pid, port: ports.redis, at: '', birth: '1' }));
    expect(pid('redis')).toBeUndefined();
    expect(await engines('up')).toMatchObject({ code: 0 });
    expect(pid('redis')).not.toBe(process.pid);
  });

  it('says who has the port, and goes on with the others', async () => {
    await engines('down');
    const foreign = await listener(ports.redis);
    const { code, output } = await engines('up', ...asked());
    expect(code).toBe(1);
    expect(output).toContain(`Port ${ports.redis} is taken by process ${process.pid} (`);
    expect(output).toContain('NOT UP: redis.');
    expect(Object.keys(await state())).toEqual(['postgres']);
    expect(await engines('up', ...asked(), '--free-ports')).toMatchObject({ code: 0 });
    expect(localEngine('redis', { dir }).place.port).not.toBe(ports.redis);
    expect(Object.keys(await state())).toEqual(['postgres', 'redis']);
    await engines('down', '--only', 'redis');
    await new Promise((resolve) => foreign.close(resolve));
  });

  it('gives tests an engine to end and start again', async () => {
    const postgres = localEngine('postgres', { dir });
    for (const end of ['kill', 'stop'] as const) {
      const before = postgres.process?.pid;
      await postgres[end]();
      expect(postgres.process).toBeUndefined();
      expect(await postgres.silence()).toBeDefined();
      await postgres.start();
      expect(await postgres.silence()).toBeUndefined();
      expect(postgres.place.port).toBe(ports.postgres);
      expect(postgres.process?.pid).not.toBe(before);
    }
  });

  it('takes down all and waits for each; twice is no fault', async () => {
    await engines('up', ...asked());
    const running = names.map((name) => localEngine(name, { dir }).process!);
    expect(running.map(isAlive)).toEqual([true, true]);
    expect(await engines('down')).toMatchObject({ code: 0 });
    expect(running.map(isAlive)).toEqual([false, false]);
    expect(await state()).toEqual({});
    expect(await engines('down')).toMatchObject({ code: 0 });
    expect(await engines('status')).toMatchObject({ code: 1 });
  });

  if (each === 'docker')
    it('leaves no container behind whose client was killed', async () => {
      const found = async () =>
        (await docker(['ps', '--all', '--format', '{{.Names}}']))
          .split('\n')
          .filter((name) => name === container);
      await engines('up', ...asked());
      const redis = localEngine('redis', { dir });
      const container = containerName(redis.kind, redis.place);
      for (const command of ['up', 'down']) {
        process.kill(redis.process!.pid, 'SIGKILL');
        expect(await found()).toEqual([container]);
        expect(await engines(command)).toMatchObject({ code: 0 });
      }
      expect(await found()).toEqual([]);
    });
});
