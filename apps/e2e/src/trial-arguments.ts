import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

const common = { help: { type: 'boolean', default: false } } as const;

/** What a trial was asked for; or its exit code, where it was asked for help or for what there is not. */
export function readArguments<T extends ParseArgsOptionsConfig>(args: string[], options: T, help: string) {
  try {
    const { values } = parseArgs({ args, options: { ...common, ...options } });
    if (!(values as { help: boolean }).help) return { values, code: undefined };
    console.log(help);
    return { values: undefined, code: 0 };
  } catch (error) {
    return { values: undefined, code: misused((error as Error).message, help) };
  }
}

/** The exit code. */
export function misused(mistake: string, help: string): number {
  console.error(`${mistake}\n\n${help}`);
  return 2;
}
