import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { actorOf } from '@millrace/contracts';
import { LOGGER, Refusals, type Logger, type Refusal } from '@millrace/platform';
import { CLOCK, REGISTRY, type Clock, type Registry } from '@millrace/ports';
import { RefusalWindow } from './refusal-window.ts';

/** Writes down who tried what admins may do and was refused. Nobody waits for it. */
@Injectable()
export class RefusalTrail implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly window = new RefusalWindow();
  private readonly writing = new Set<Promise<void>>();

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Refusals) private readonly refusals: Refusals,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.refusals.listen((refusal) => this.note(refusal));
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.writing);
  }

  private note(refusal: Refusal): void {
    const { route, principal } = refusal;
    if (route.right !== 'admin') return;
    const way = `${principal.name} ${principal.key ?? ''} ${wayOf(refusal)}`;
    const untold = this.window.tell(principal.tenant, way, this.clock.now());
    if (untold === undefined) return;
    const written = this.write(refusal, untold).catch((err: unknown) =>
      this.logger.error(
        { err, tenant: principal.tenant },
        'a refusal could not be written into the audit trail',
      ),
    );
    this.writing.add(written);
    void written.finally(() => this.writing.delete(written));
  }

  private async write(refusal: Refusal, untold: number): Promise<void> {
    const { principal } = refusal;
    await this.registry.audit.append({
      ...{ tenant: principal.tenant, at: this.clock.now(), actor: actorOf(principal) },
      ...{ action: 'access.refuse', object: `route:${wayOf(refusal)}`, outcome: 'refused' },
      details: { rights: principal.rights, untold },
    });
  }
}

const wayOf = ({ route }: Refusal): string => `${route.method} ${route.path}`;
