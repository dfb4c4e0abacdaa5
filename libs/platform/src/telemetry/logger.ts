import { pino, type Logger as PinoLogger } from 'pino';
import { trace } from '@opentelemetry/api';

/** Log lines are facts with fields; content of documents and prompts and secrets never are fields. */
export type Logger = PinoLogger;

export interface LogOptions {
  readonly level: string;
  readonly format: 'auto' | 'json' | 'text';
  readonly service: string;
}

/** NestJS injection token. */
export const LOGGER = Symbol('Logger');

export function createLogger({ level, format, service }: LogOptions): Logger {
  const asText = format === 'text' || (format === 'auto' && process.stdout.isTTY);
  const destination = asText
    ? { write: (line: string) => process.stdout.write(humanLine(line)) }
    : process.stdout;
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: traceIds,
      serializers: { err: describeError },
      redact: ['authorization', 'key', 'apiKey', 'headers.authorization', 'headers["x-api-key"]'],
    },
    destination,
  );
}

/** For health checks. */
export const tellUnready =
  (logger: Logger) =>
  (check: string, err: unknown): void =>
    logger.error({ check, err }, 'a health check failed');

const traceIds = (): Record<string, string> => {
  const context = trace.getActiveSpan()?.spanContext();
  return context ? { trace_id: context.traceId, span_id: context.spanId } : {};
};

/** Message, code and stack, and the same of the cause. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { message, code, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}

/** Of an error and its causes. */
function messagesOf(described: unknown): string {
  if (typeof described !== 'object' || described === null) return String(described);
  const { message, cause } = described as { readonly message?: unknown; readonly cause?: unknown };
  return `${String(message)}${cause === undefined ? '' : `; ${messagesOf(cause)}`}`;
}

const colours: Record<string, string> = { warn: '\x1b[33m', error: '\x1b[31m', debug: '\x1b[2m' };

function humanLine(line: string): string {
  const { level, time, service, msg, err, trace_id, span_id, ...fields } = JSON.parse(line) as Record<
    string,
    unknown
  >;
  void [service, trace_id, span_id];
  const rest = Object.entries(fields).map(
    ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const failure = err ? ` (${messagesOf(err)})` : '';
  const colour = process.stdout.isTTY ? (colours[String(level)] ?? '') : '';
  return `${colour}${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${String(msg)}${rest.join('')}${failure}${colour && '\x1b[0m'}\n`;
}
