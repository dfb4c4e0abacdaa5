import { Controller, Inject } from '@nestjs/common';
import {
  actorOf,
  calls,
  routes,
  type CallOutput,
  type ModelPlanStatus,
  type Principal,
} from '@millrace/contracts';
import { HandleCall, HandleRoute, type RouteRequest } from '@millrace/platform';
import { isOperator, notOperator } from '../admin-scope.ts';
import { ModelPlans } from './model-plans.ts';
import { ModelProgress } from './model-progress.ts';

/** Which embedding model serves, for all tenants: the operator's business. */
@Controller()
export class ModelsController {
  constructor(
    @Inject(ModelPlans) private readonly plans: ModelPlans,
    @Inject(ModelProgress) private readonly progress: ModelProgress,
  ) {}

  @HandleCall(calls.modelPlan)
  async plan(): Promise<CallOutput<typeof calls.modelPlan>> {
    return { plan: await this.plans.read() };
  }

  @HandleRoute(routes.modelPlan)
  async show({ principal }: RouteRequest<typeof routes.modelPlan>): Promise<ModelPlanStatus> {
    demandOperator(principal);
    return this.progress.of(await this.plans.current());
  }

  @HandleRoute(routes.switchModel)
  async prepare({ principal, body }: RouteRequest<typeof routes.switchModel>): Promise<ModelPlanStatus> {
    demandOperator(principal);
    return this.progress.of(await this.plans.prepare(body.to, body, actorOf(principal)));
  }

  @HandleRoute(routes.serveModel)
  async serve({ principal, body }: RouteRequest<typeof routes.serveModel>): Promise<ModelPlanStatus> {
    demandOperator(principal);
    return this.progress.of(await this.plans.serve(body.model, body.force, actorOf(principal)));
  }

  @HandleRoute(routes.retireModel)
  async retire({ principal, params }: RouteRequest<typeof routes.retireModel>): Promise<ModelPlanStatus> {
    demandOperator(principal);
    return this.progress.of(await this.plans.retire(params.model, actorOf(principal)));
  }
}

function demandOperator(principal: Principal): void {
  if (!isOperator(principal)) throw notOperator();
}
