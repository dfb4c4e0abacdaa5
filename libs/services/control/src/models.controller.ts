import { Controller, Inject } from '@nestjs/common';
import { calls, routes, type CallOutput, type ModelPlan, type Principal } from '@millrace/contracts';
import { HandleCall, HandleRoute, type RouteRequest } from '@millrace/platform';
import { isOperator, notOperator } from './admin-scope.ts';
import { ModelPlans } from './model-plans.ts';

/** Which embedding model serves, for all tenants: the operator's business. */
@Controller()
export class ModelsController {
  constructor(@Inject(ModelPlans) private readonly plans: ModelPlans) {}

  @HandleCall(calls.modelPlan)
  async plan(): Promise<CallOutput<typeof calls.modelPlan>> {
    return { plan: await this.plans.read() };
  }

  @HandleRoute(routes.modelPlan)
  show({ principal }: RouteRequest<typeof routes.modelPlan>): Promise<ModelPlan> {
    demandOperator(principal);
    return this.plans.current();
  }

  @HandleRoute(routes.switchModel)
  prepare({ principal, body }: RouteRequest<typeof routes.switchModel>): Promise<ModelPlan> {
    demandOperator(principal);
    return this.plans.prepare(body.to, body);
  }

  @HandleRoute(routes.serveModel)
  serve({ principal, body }: RouteRequest<typeof routes.serveModel>): Promise<ModelPlan> {
    demandOperator(principal);
    return this.plans.serve(body.model, body.force);
  }

  @HandleRoute(routes.retireModel)
  retire({ principal, params }: RouteRequest<typeof routes.retireModel>): Promise<ModelPlan> {
    demandOperator(principal);
    return this.plans.retire(params.model);
  }
}

function demandOperator(principal: Principal): void {
  if (!isOperator(principal)) throw notOperator();
}
