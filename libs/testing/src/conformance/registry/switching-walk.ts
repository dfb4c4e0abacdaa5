import { setTimeout as pause } from 'node:timers/promises';
import { documentKey, type ModelPlan } from '@millrace/contracts';
import type { Registry } from '@millrace/ports';
import { expect } from 'vitest';
import { Desk } from './fixtures.ts';

const models = ['a', 'b'] as const;
type Model = (typeof models)[number];
const until = '2999-01-01T00:00:00.000Z';

/**
 * Versions reach two indexes in any order while others switch between them: by whatever registry and whenever it is looked,
 * all that is `indexed` has to be in the index that serves.
 */
export class SwitchingWalk {
  switches = 0;
  looks = 0;
  private readonly desk: Desk;
  /** By model and document: the newest version that its index has. */
  private readonly indexes = new Map<string, number>();
  private writers = 0;

  constructor(private readonly registries: readonly Registry[]) {
    this.desk = new Desk(registries[0]!);
  }

  async walk(documents: number, versions: number): Promise<void> {
    await this.plan(this.registries[0]!, { serving: 'a', previous: { model: 'b', until } });
    this.writers = documents;
    await Promise.all([
      ...Array.from({ length: documents }, (_, n) => this.write(n, versions)),
      ...this.registries.flatMap((registry) => [this.switch(registry), this.look(registry)]),
    ]);
    await this.plan(this.registries[0]!, { serving: 'a' });
  }

  private async write(n: number, versions: number): Promise<void> {
    const document = `doc-${n}`;
    for (let version = 1; version <= versions; version++) {
      await this.desk.accept(document, `${version}`);
      await this.desk.advance(document, version, 'parsed', { parsed: 'parsed', chunks: 1 });
      const order = Math.random() < 0.5 ? models : models.toReversed();
      for (const model of order) await this.arrive(model, document, version);
    }
    this.writers -= 1;
  }

  /** In the index first, then reported, and that sometimes twice and late. */
  private async arrive(model: Model, document: string, version: number): Promise<void> {
    this.indexes.set(`${model} ${document}`, version);
    const report = (): Promise<boolean> =>
      this.registryOf(version).documents.advance({
        ...{ ...this.desk.of(document, version), at: this.desk.now() },
        ...{ state: 'indexed', models: [model] },
      });
    await Promise.all([report(), ...(version % 3 === 0 ? [pause(2).then(report)] : [])]);
  }

  private async switch(registry: Registry): Promise<void> {
    while (this.writers > 0) {
      const { plan } = (await registry.modelPlan.read())!;
      const to = plan.serving === 'a' ? 'b' : 'a';
      const switches = [{ with: to, until }];
      const isWaiting = Math.random() < 0.3;
      const wanted = isWaiting
        ? { ...plan, switches }
        : { serving: to, previous: { model: plan.serving, until } };
      if ((await this.plan(registry, wanted)) === 'written' && !isWaiting) this.switches += 1;
      await pause(Math.random() * 5);
    }
  }

  private async look(registry: Registry): Promise<void> {
    while (this.writers > 0) {
      const before = (await registry.modelPlan.read())!;
      const live = await registry.documents.allLive({ tenant: this.desk.tenant, document: '' }, 100);
      const after = (await registry.modelPlan.read())!;
      if (before.revision !== after.revision) continue;
      this.looks += 1;
      for (const { tenant, document, version } of live) {
        if (tenant !== this.desk.tenant) continue;
        const has = this.indexes.get(`${before.plan.serving} ${document}`) ?? 0;
        expect(has, documentKey({ tenant, document })).toBeGreaterThanOrEqual(version);
      }
      await pause(1);
    }
  }

  private async plan(registry: Registry, plan: ModelPlan) {
    const revision = (await registry.modelPlan.read())?.revision ?? 0;
    return registry.modelPlan.write(plan, revision);
  }

  private registryOf(version: number): Registry {
    return this.registries[version % this.registries.length]!;
  }
}
