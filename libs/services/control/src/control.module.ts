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
import { JudgementStore } from './judgement-store.ts';
import { ModelCatchUp } from './model-catch-up.ts';
import { ModelIndexes } from './model-indexes.ts';
import { ModelFiller } from './model-filler.ts';
import { ModelJudge } from './model-judge.ts';
import { ModelPlans } from './model-plans.ts';
import { ModelProgress } from './model-progress.ts';
import { ModelSample } from './model-sample.ts';
import { ModelUpkeep } from './model-upkeep.ts';
import { ModelsController } from './models.controller.ts';
import { ModerationPoliciesController } from './moderation-policies.controller.ts';
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
