import { kafka } from './kinds/kafka.mjs';
import { postgres } from './kinds/postgres.mjs';
import { qdrant } from './kinds/qdrant.mjs';
import { redis } from './kinds/redis.mjs';
import { s3 } from './kinds/s3.mjs';

/**
 * Where one engine is: `bin` keeps what was fetched and may be shared, `data` what it writes.
 * @typedef {{ bin: string, data: string, log: string, port: number }} Place
 * @typedef {{ command: string, args: string[], env?: Record<string, string> }} Command
 *
 * What an engine sees of its place in a container, where it listens on all addresses.
 * @typedef {Pick<Place, 'data' | 'port'>} Inside
 *
 * What runs in a container. Unset, `entrypoint` is that of the image.
 * @typedef {{ entrypoint?: string, args: string[], env?: Record<string, string> }} ImageCommand
 *
 * How an engine runs from its image, which infra/compose/compose.yaml pins.
 * @typedef {object} Image
 * @property {(inside: Inside) => ImageCommand} command the server itself
 * @property {(place: Place, inside: Inside, run: (command: ImageCommand) => Promise<unknown>) => Promise<void>} [prepare]
 *   before every start
 * @property {(place: Place) => object} [coordinates] where they differ from the native ones
 *
 * One engine: how it is had, run and reached. Every function that fails with something the reader can mend throws Stop.
 * @typedef {object} Kind
 * @property {'kafka' | 'redis' | 'postgres' | 's3' | 'qdrant'} name
 * @property {string} title for people
 * @property {number} port where it listens unless said otherwise
 * @property {(port: number) => number[]} [ports] all it listens on; unset: that one
 * @property {(place: Place) => boolean | Promise<boolean>} provisioned whether its program is here
 * @property {(place: Place, report: (text: string) => void) => Promise<void>} provision fetches what is missing
 * @property {(place: Place) => Promise<void>} [prepare] makes the data folder; called before every start
 * @property {(place: Place) => Command | Promise<Command>} command the server itself, in the foreground
 * @property {(place: Place) => Promise<unknown>} ready rejects while the engine does not serve
 * @property {(place: Place) => Promise<void>} [furnish] what users of the engine expect to find in it
 * @property {NodeJS.Signals} [stopSignal] SIGTERM unless said otherwise
 * @property {(place: Place) => Promise<void>} [stopped] after a regular end
 * @property {(place: Place, signal: NodeJS.Signals) => Promise<void>} [signal] where it does not go to its process
 * @property {(place: Place) => Promise<void>} [reclaim] ends what runs on without its process
 * @property {Image} image
 * @property {(place: Place) => object} coordinates its entry in state.json: libs/testing/src/engines.ts
 * @property {() => object | undefined} [elsewhere] the coordinates of a server that somebody else runs, used instead
 */

/** @type {readonly Kind[]} */
export const kinds = [redis, postgres, s3, qdrant, kafka];
