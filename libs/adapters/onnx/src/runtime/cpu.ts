import { readFileSync } from 'node:fs';
import { arch, cpus } from 'node:os';

/**
 * The instruction set that int8 products are computed with. Without VNNI they saturate at 16 bits, so the same
 * model gives slightly other vectors.
 */
export function int8Instructions(): string {
  const flags = cpuFlags();
  const found = ['avx512_vnni', 'avx_vnni', 'avx512bw', 'avx2', 'i8mm', 'asimddp'].find((flag) =>
    flags.has(flag),
  );
  return `${arch()} ${found ?? cpus()[0]?.model ?? 'unknown'}`;
}

/** Empty where there is no `/proc/cpuinfo`. */
function cpuFlags(): ReadonlySet<string> {
  try {
    const [, flags = ''] = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8')) ?? [];
    return new Set(flags.trim().split(/\s+/));
  } catch {
    return new Set();
  }
}
