import { fork, type ChildProcess } from 'node:child_process';
import { serverEnvironment } from '../toolchain/server-options.mjs';

/** What the bundle can be besides the runner: a process of its own, so that it shares no event loop with what it is measured against. */
export type Role = 'paced-model' | 'bare-loop' | 'callee' | 'quota-replica';

const flag = '--role=';

/** The role this process was started in; undefined for the runner itself. */
export const ownRole = (): string | undefined =>
  process.argv.find((arg) => arg.startsWith(flag))?.slice(flag.length);

/** Starts this bundle in a role, in the environment of a server. It ends when the runner does. */
export const startRole = (role: Role, ...args: readonly string[]): ChildProcess =>
  fork(process.argv[1] ?? '', [`${flag}${role}`, ...args], {
    serialization: 'advanced',
    env: { ...process.env, ...serverEnvironment },
  });
