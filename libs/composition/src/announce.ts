import { serverSettings, type Running, type Settings } from '@millrace/platform';
import { resolve } from 'node:path';

/**
 * Tells the program that started this process over a channel (`npm start` does) where it listens and keeps its data, and
 * drains when that program is gone.
 */
export function announce({ url }: Running, settings: Settings): void {
  if (!process.send) return;
  process.send({ url, dataDir: resolve(settings.of(serverSettings).dataDir) });
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
