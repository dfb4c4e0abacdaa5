import { errors, type ErrorSpec } from '@millrace/contracts';
import { code, page, table } from '../markdown.ts';

export const errorsPage = (): string =>
  page(
    'Errors',
    '`libs/contracts/src/errors.ts`',
    'Every error answer is `{"error": {"code", "message", "type", "param", "retry_after", "request_id"}}`; a stream that ' +
      'fails ends with such a frame. Dead letters carry the same codes. A failed job is tried again when its error is retryable.',
    table(
      ['Code', 'Status', 'Type', 'Retryable', 'Message'],
      Object.entries<ErrorSpec>(errors).map(([name, { status, type, retryable, message }]) => [
        code(name),
        String(status),
        code(type),
        retryable ? 'yes' : 'no',
        message,
      ]),
    ),
  );
