import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { topics } from '@millrace/contracts';
import { engine } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Server } from './harness.ts';

const main = fileURLToPath(new URL('../../../dist/apps/topics/main.js', import.meta.url));
const brokers = engine('kafka')?.brokers.join(',') ?? '';

/** The topics command as an SRE runs it. */
function run(prefix: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'], MILLRACE_KAFKA_BROKERS: brokers, MILLRACE_KAFKA_PREFIX: prefix };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

describe('the topics of an installation', () => {
  let server: Server;
  beforeAll(async () => {
    server = await Server.start();
  });
  afterAll(() => server.stop());

  it('are as declared once its services run, so that applying them changes nothing', async () => {
    for (const command of ['describe', 'apply']) {
      const { code, stdout } = await run(`${server.installation}.`, command, '--json');
      const expected = topics().map(({ name }) => ({
        name: `${server.installation}.${name}`,
        state: 'as wished',
        differences: [],
      }));
      expect(JSON.parse(stdout)).toEqual(expected);
      expect(code).toBe(0);
    }
  });

  it('are missing under another prefix, which is told and is no success', async () => {
    const { code, stdout } = await run(`${server.installation}.other.`);
    expect(code).toBe(1);
    expect(stdout.match(/^missing {2}/gm)).toHaveLength(topics().length);
  });

  it('cannot be asked for without a Kafka', async () => {
    const refused = await run('no such prefix!');
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('MILLRACE_KAFKA_PREFIX') as string,
    });
  });
});
