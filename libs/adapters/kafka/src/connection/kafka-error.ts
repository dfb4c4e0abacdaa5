import { MillraceError, type ErrorCode } from '@millrace/contracts';

/** What a broker's answer means to the caller, by its name: https://kafka.apache.org/protocol#protocol_error_codes. */
const meanings: Readonly<Record<string, ErrorCode>> = {
  MESSAGE_TOO_LARGE: 'body_too_large',
  RECORD_LIST_TOO_LARGE: 'body_too_large',
  UNKNOWN_TOPIC_OR_PARTITION: 'internal',
  INVALID_TOPIC_EXCEPTION: 'internal',
  INVALID_PARTITIONS: 'internal',
  INVALID_CONFIG: 'internal',
  POLICY_VIOLATION: 'internal',
};

/** kafkajs wraps and gathers: the innermost error, the first of several, is the one that happened. */
export function innermost(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { cause, errors: [first] = [] } = error as { cause?: unknown; errors?: readonly unknown[] };
  const inner = cause ?? first;
  return inner instanceof Error && inner !== error ? innermost(inner) : error;
}

/** The broker's name for an error, such as `UNKNOWN_MEMBER_ID`; undefined for others. */
export function protocolError(error: unknown): string | undefined {
  const { type } = (innermost(error) ?? {}) as { type?: unknown };
  return typeof type === 'string' ? type : undefined;
}

const settingUp = new Set([
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
]);

/** Kafka was reached, and says that it is still making itself ready for a group, as one just started does. */
export const isSettingUp = (error: unknown): boolean => settingUp.has(protocolError(error) ?? '');

/** Faults of a program, here or in kafkajs: no fault of Kafka. */
const isFault = (error: unknown): boolean =>
  [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);

/** What a thrown value of kafkajs means. Its messages name brokers and topics, never records or passwords. */
export function asMillraceError(thrown: unknown): MillraceError {
  const error = innermost(thrown);
  if (error instanceof MillraceError) return error;
  if (isFault(error)) return MillraceError.from(error);
  const type = protocolError(error);
  const message = error instanceof Error ? error.message : String(error);
  return new MillraceError((type && meanings[type]) || 'dependency_unavailable', {
    detail: `Kafka: ${message}`,
  });
}

export const noTopic = (topic: string): MillraceError =>
  new MillraceError('internal', { detail: `there is no topic ${topic}` });
