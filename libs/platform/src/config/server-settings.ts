import { z } from 'zod';
import { defineSettings } from './settings.ts';

/** Text of an environment variable or a real boolean in the file. */
export const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1'),
]);

/** A whole number in a range, from text or number. */
export const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

export const serverSettings = defineSettings('', {
  profile: {
    schema: z.enum(['standalone', 'distributed']).default('standalone'),
    reason:
      'standalone runs every service in one process on embedded stores; distributed one process per service on engines.',
  },
  host: {
    schema: z.string().default('127.0.0.1'),
    reason: 'The address to listen on. Any but a loopback address needs an admin key.',
  },
  port: { schema: whole(0, 65_535).default(8080), reason: 'The port to listen on; 0 picks a free one.' },
  dataDir: {
    schema: z.string().default('.millrace'),
    reason: 'The folder for everything that must survive a restart. One process may use it at a time.',
  },
  adminKey: {
    schema: z.string().min(16).optional(),
    reason:
      'With it every request to a route of the API needs a key, and this one may do everything. Health and metrics stay open. At least 16 characters.',
    secret: true,
  },
  logLevel: {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    reason: 'The least severe log lines to write.',
  },
  logFormat: {
    schema: z.enum(['auto', 'json', 'text']).default('auto'),
    reason: 'auto: text on a terminal, JSON elsewhere.',
  },
  otlpUrl: {
    schema: z.url().optional(),
    reason: 'Where to send traces (OTLP over HTTP, /v1/traces). Unset: none are sent.',
  },
  checkResponses: {
    schema: flag.default(false),
    reason: 'Checks every JSON answer against its schema and fails the request when it differs; for tests.',
  },
  drainSeconds: {
    schema: whole(1, 3600).default(25),
    unit: 's',
    reason: 'How long running work may go on after SIGTERM before it is handed back.',
  },
});

export const httpSettings = defineSettings('http', {
  maxBodyMb: { schema: whole(1, 4096).default(64), unit: 'MB', reason: 'The largest request body.' },
  maxInflight: {
    schema: whole(1, 100_000).default(512),
    reason:
      'Requests worked on at a time, where keys are in use half of them of one tenant; one more is answered 429 with Retry-After.',
  },
  maxUploads: {
    schema: whole(1, 1000).default(8),
    reason:
      'Bodies over 1 MB held in memory at a time, where keys are in use half of them of one tenant; one more is answered 429 with Retry-After.',
  },
  minBodyRate: {
    schema: whole(0, 1_000_000).default(8),
    unit: 'kB/s',
    reason: 'A body that comes slower than this for ten seconds is answered 408; 0 waits for any.',
  },
});
