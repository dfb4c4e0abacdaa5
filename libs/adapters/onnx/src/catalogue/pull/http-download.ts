import { open, stat } from 'node:fs/promises';

export interface DownloadOptions {
  /** More than this is not what was asked for. */
  readonly maxBytes: number;
  /** Milliseconds until an answer has begun. */
  readonly connectTimeoutMs: number;
  /** Milliseconds without a byte. */
  readonly stallTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Bytes there so far, those of an earlier attempt included; `total` where the server says it. */
  readonly onBytes: (bytes: number, total: number | undefined) => void;
}

/** Nothing answers at that address. */
export class Unreachable extends Error {}
/** An answer came, but not the file. */
export class Refused extends Error {}

/**
 * Downloads into `file`, going on where an earlier attempt broke off. A transfer that breaks is taken up again as
 * long as each attempt brings something. What the bytes are worth is for the caller to check.
 */
export async function download(url: string, file: string, options: DownloadOptions): Promise<void> {
  for (let fruitless = 0; ;) {
    const before = await sizeOf(file);
    try {
      return await attempt(url, file, before, options);
    } catch (error) {
      if (error instanceof Unreachable || error instanceof Refused || options.signal?.aborted) throw error;
      fruitless = (await sizeOf(file)) > before ? 0 : fruitless + 1;
      if (fruitless === 2) throw new Unreachable('the transfer broke off', { cause: error });
    }
  }
}

async function attempt(url: string, file: string, have: number, options: DownloadOptions): Promise<void> {
  const patience = new Patience(options.signal);
  try {
    patience.wait(options.connectTimeoutMs);
    const response = await answer(url, have, patience.signal);
    const resumed = response.status === 206;
    const total = totalOf(response, resumed ? have : 0);
    await using handle = await open(file, resumed ? 'a' : 'w');
    let bytes = resumed ? have : 0;
    patience.wait(options.stallTimeoutMs);
    for await (const chunk of response.body!) {
      patience.wait(options.stallTimeoutMs);
      bytes += chunk.length;
      if (bytes > options.maxBytes) throw new Refused(`more than the ${options.maxBytes} bytes expected`);
      await handle.appendFile(chunk);
      options.onBytes(bytes, total);
    }
  } finally {
    patience.end();
  }
}

async function answer(url: string, have: number, signal: AbortSignal): Promise<Response> {
  const headers: HeadersInit = have > 0 ? { range: `bytes=${have}-` } : {};
  const response = await fetch(url, { headers, signal }).catch((error: unknown) => {
    throw new Unreachable(reasonOf(error), { cause: error });
  });
  const fits = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${have}-`);
  if (response.status === 200 || fits) return response;
  await response.body?.cancel();
  // The piece that is there fits nothing the server has: begin again.
  if (have > 0 && [206, 416].includes(response.status)) return answer(url, 0, signal);
  throw new Refused(`HTTP ${response.status}`);
}

function totalOf(response: Response, have: number): number | undefined {
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  return Number.isNaN(length) ? undefined : have + length;
}

/** Aborts when nothing happens for so long, or when the caller does. */
class Patience {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  readonly signal: AbortSignal;

  constructor(caller: AbortSignal | undefined) {
    this.signal = caller ? AbortSignal.any([caller, this.controller.signal]) : this.controller.signal;
  }

  wait(millis: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => this.controller.abort(new Error(`no answer for ${millis / 1000} s`)),
      millis,
    );
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

/** `ENOTFOUND`, `no answer for 5 s`: fetch hides the reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}

export const sizeOf = async (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );
