import type { DiscoveryService } from '@nestjs/core';
import { bindingsOf, type Binding } from './handlers.ts';

export interface FoundHandler {
  readonly binding: Binding;
  /** `ClassName.method`, for messages about it. */
  readonly where: string;
  readonly run: (data: unknown, context?: unknown) => Promise<unknown>;
}

/** Every bound method of every provider and controller. Two handlers for one thing stop the boot. */
export function findHandlers(discovery: DiscoveryService): FoundHandler[] {
  const found = [...discovery.getProviders(), ...discovery.getControllers()]
    .map((wrapper) => wrapper.instance as object | null)
    .filter((instance) => instance !== null && typeof instance === 'object')
    .flatMap(handlersOf);
  refuseDoubles(found);
  return found;
}

const handlersOf = (instance: object): FoundHandler[] =>
  bindingsOf(instance).map(({ binding, method }) => {
    const run = (instance as Record<string, FoundHandler['run']>)[method];
    if (!run) throw new Error(`${instance.constructor.name}.${method} is bound but not there`);
    return { binding, where: `${instance.constructor.name}.${method}`, run: run.bind(instance) };
  });

function refuseDoubles(found: readonly FoundHandler[]): void {
  const seen = new Map<string, string>();
  for (const { binding, where } of found) {
    const key = identity(binding);
    const other = seen.get(key);
    if (other) throw new Error(`${key} has two handlers: ${other} and ${where}`);
    seen.set(key, where);
  }
}

/** What may have one handler only. */
export function identity(binding: Binding): string {
  switch (binding.kind) {
    case 'route':
      return `route ${binding.spec.method} ${binding.spec.path}`;
    case 'event':
      return `event ${binding.spec.name} in ${binding.group}`;
    case 'dead-letters':
      return `dead letters in ${binding.group}`;
    default:
      return `${binding.kind} ${binding.spec.name}`;
  }
}
