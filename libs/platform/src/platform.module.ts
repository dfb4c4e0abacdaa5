import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { KnownKeys } from './auth/known-keys.ts';
import { Refusals } from './auth/refusals.ts';
import { Health } from './health/health.ts';
import { Caller } from './messaging/caller.ts';
import { DeadLetterPublisher } from './messaging/dead-letter-publisher.ts';
import { EventPublisher } from './messaging/event-publisher.ts';
import { LOGGER, type Logger } from './telemetry/logger.ts';
import { SERVICE_NAME } from './tokens.ts';

/** What every service may inject beside its ports: publishers, caller, logger, known keys, refusals, health. */
@Global()
@Module({})
export class PlatformModule {
  static forProcess(name: string, logger: Logger, health: Health): DynamicModule {
    const providers = [
      { provide: SERVICE_NAME, useValue: name },
      { provide: LOGGER, useValue: logger },
      { provide: Health, useValue: health },
      EventPublisher,
      Caller,
      DeadLetterPublisher,
      KnownKeys,
      Refusals,
    ];
    return { module: PlatformModule, imports: [DiscoveryModule], providers, exports: providers };
  }
}
