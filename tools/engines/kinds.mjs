import { kafka } from './kafka.mjs';
import { postgres } from './postgres.mjs';
import { qdrant } from './qdrant.mjs';
import { redis } from './redis.mjs';
import { s3 } from './s3.mjs';

/**
 * One engine: how it is had, run and reached. `place.bin` keeps what was fetched, `place.data` what it writes.
 * @typedef {{ bin: string, data: string, log: string, port: number }} Place
 * @typedef {{ command: string, args: string[], env?: Record<string, string> }} Command
 * @typedef {{
 *   name: 'kafka' | 'redis' | 'postgres' | 's3' | 'qdrant',
 *   port: number,
 *   provision(place: Place, report: (text: string) => void): Promise<void>,
 *   prepare?(place: Place): Promise<void>,
 *   command(place: Place): Command,
 *   coordinates(place: Place): object,
 *   elsewhere?(): object | undefined,
 * }} Kind
 */

/** @type {readonly Kind[]} */
export const kinds = [redis, postgres, s3, qdrant, kafka];
