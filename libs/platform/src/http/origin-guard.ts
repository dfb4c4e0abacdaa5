import { MillraceError } from '@millrace/contracts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

export const isLoopback = (host: string): boolean => loopback.has(host) || /^127\.\d+\.\d+\.\d+$/.test(host);

/**
 * While no keys are in use, only pages and programs of this machine may ask: a foreign `Host` is DNS rebinding, a foreign
 * `Origin` another site in the user's browser.
 */
export function refuseForeign(headers: Readonly<Record<string, string | string[] | undefined>>): void {
  const { host, origin } = headers;
  if (typeof host === 'string' && !isLoopback(hostname(`http://${host}`)))
    throw new MillraceError('foreign_origin');
  if (typeof origin === 'string' && !isLoopback(hostname(origin))) throw new MillraceError('foreign_origin');
}

function hostname(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return '';
  }
}
