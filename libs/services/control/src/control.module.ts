import { Module } from '@nestjs/common';
import { AccessController } from './access.controller.ts';
import { Backlog } from './backlog.ts';
import { DeadLettersController } from './dead-letters.controller.ts';
import { DocumentsController } from './documents.controller.ts';
import { JudgementStore } from './judgement-store.ts';
import { ModelFiller } from './model-filler.ts';
import { ModelFollower } from './model-follower.ts';
import { ModelJudge } from './model-judge.ts';
import { ModelPlans } from './model-plans.ts';
import { ModelsController } from './models.controller.ts';
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
  ],
  providers: [
    StateWaiter,
    Backlog,
    Reconciler,
    JudgementStore,
    ModelJudge,
    ModelPlans,
    ModelFiller,
    ModelFollower,
    UsageLedger,
  ],
})
export class ControlModule {}
