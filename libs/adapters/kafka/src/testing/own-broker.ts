import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A broker of the test's own, which it may kill: `npm run engines` with another folder. */
export class OwnBroker {
  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async up(): Promise<OwnBroker> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-kafka-'));
    const broker = new OwnBroker(folder, await portOfTwo());
    await broker.start();
    return broker;
  }

  get brokers(): string[] {
    return [`127.0.0.1:${this.port}`];
  }

  start = (): Promise<void> => this.engines('up', '--port', `kafka=${this.port}`);

  /** With -9. */
  kill = (): Promise<void> => this.engines('kill');

  async dispose(): Promise<void> {
    await this.engines('down');
    await rm(this.folder, { recursive: true, force: true });
  }

  private async engines(command: string, ...options: string[]): Promise<void> {
    const where = ['--only', 'kafka', '--dir', this.folder, ...options];
    await run(process.execPath, ['tools/engines/main.mjs', command, ...where]);
  }
}

/** Below those that the system gives to outgoing connections; Kafka takes the next one as well. */
async function portOfTwo(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 10_000);
    const server = createServer().listen(port, '127.0.0.1');
    const outcome = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    if (!outcome) continue;
    const { port: free } = server.address() as AddressInfo;
    server.close();
    return free;
  }
}
