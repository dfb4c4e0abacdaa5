import { Module } from '@nestjs/common';
import { AccessController } from './access.controller.ts';
import { AuditMetrics } from './audit/audit-metrics.ts';
import { AuditController } from './audit/audit.controller.ts';
import { ModerationTrail } from './audit/moderation-trail.ts';
import { RefusalTrail } from './audit/refusal-trail.ts';
import { Backlog } from './backlog.ts';
import { DeadLettersController } from './dead-letters.controller.ts';
import { DocumentAccess } from './document-access.ts';
import { DocumentsController } from './documents.controller.ts';
import { FirstPlan } from './models/first-plan.ts';
import { JudgementStore } from './models/judgement-store.ts';
import { ModelCatchUp } from './models/model-catch-up.ts';
import { ModelIndexes } from './models/model-indexes.ts';
import { ModelFiller } from './models/model-filler.ts';
import { ModelJudge } from './models/model-judge.ts';
import { ModelPlans } from './models/model-plans.ts';
import { ModelProgress } from './models/model-progress.ts';
import { ModelSample } from './models/model-sample.ts';
import { ModelUpkeep } from './models/model-upkeep.ts';
import { ModelsController } from './models/models.controller.ts';
import { ModerationPoliciesController } from './moderation-policies.controller.ts';
import { PromptsController } from './prompts.controller.ts';
import { QueuesController } from './queues.controller.ts';
import { QuotasController } from './quotas.controller.ts';
import { Reconciler } from './reconciler.ts';
import { StateWaiter } from './state-waiter.ts';
import { UsageLedger } from './usage-ledger.ts';
import { UsageController } from './usage.controller.ts';

@Module({
  controllers: [
    DocumentsController,
    AccessController,
    DeadLettersController,
    QueuesController,
    ModelsController,
    UsageController,
    QuotasController,
    ModerationPoliciesController,
    PromptsController,
    AuditController,
  ],
  providers: [
    StateWaiter,
    Backlog,
    Reconciler,
    DocumentAccess,
    JudgementStore,
    ModelJudge,
    ModelSample,
    ModelProgress,
    ModelIndexes,
    FirstPlan,
    ModelPlans,
    ModelFiller,
    UsageLedger,
    ModerationTrail,
    RefusalTrail,
    AuditMetrics,
    ModelCatchUp,
    ModelUpkeep,
  ],
})
export class ControlModule {}
