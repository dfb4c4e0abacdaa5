import { Inject, Injectable } from '@nestjs/common';
import { calls, type ModelPlan, type ModelPlanStatus, type NextModel } from '@millrace/contracts';
import { CLOCK, REGISTRY, type Clock, type Registry } from '@millrace/ports';
import { Caller } from '@millrace/platform';
import { mostAsks } from './model-catch-up.ts';
import { withoutOver } from './plan-switches.ts';

type Progress = NonNullable<NonNullable<ModelPlanStatus['next']>['progress']>;

const patienceMs = 500;

/** How far the plan of models is: what its indexes lack, and when about the next model is prepared. */
@Injectable()
export class ModelProgress {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Caller) private readonly caller: Caller,
  ) {}

  async of(whole: ModelPlan): Promise<ModelPlanStatus> {
    const { next, previous, indexes: _, ...plan } = withoutOver(whole, this.clock.now());
    const behind = (model: string): Promise<number> => this.registry.arrears.count(model);
    return {
      ...plan,
      ...(next && { next: { ...(await this.withProgress(next)), behind: await behind(next.model) } }),
      ...(previous && { previous: { ...previous, behind: await behind(previous.model) } }),
      ...(await this.settingBeside(plan.serving)),
    };
  }

  /** The plan is told whether or not embedding answers. */
  private async settingBeside(serving: string): Promise<Pick<ModelPlanStatus, 'setting'>> {
    const told = this.caller.call(calls.activeModels, {}, { timeoutMs: patienceMs });
    const setting = await told.then(
      (active) => active.setting,
      () => undefined,
    );
    return setting === undefined || setting === serving ? {} : { setting };
  }

  private async withProgress({ judged_as: _, ...next }: NextModel) {
    return { ...next, ...(next.phase === 'filling' && { progress: await this.progressOf(next) }) };
  }

  private async progressOf(next: NextModel): Promise<Progress> {
    const { model, looked_at, documents, started_at, pass_at = started_at } = next;
    const underWay = await this.registry.arrears.count(model, { asks: mostAsks });
    const done = Math.max(0, looked_at - underWay);
    const left = Math.max(underWay, documents - done);
    const now = this.clock.now();
    const per_second = (1000 * done) / Math.max(1, now - Date.parse(pass_at));
    const done_at = new Date(now + (1000 * left) / per_second);
    return { done, left, per_second, ...(done > 0 && { done_at: done_at.toISOString() }) };
  }
}
