import { Module } from '@nestjs/common';
import { Admission } from './admission/admission.ts';
import { AnswerQueue } from './admission/answer-queue.ts';
import { Quotas } from './admission/quotas.ts';
import { AnswerRecords } from './answers/answer-records.ts';
import { Answerer } from './answers/answerer.ts';
import { Composer } from './answers/composer.ts';
import { Preparation } from './answers/preparation.ts';
import { AnswerCache } from './cache/answer-cache.ts';
import { ChatController } from './openai/chat.controller.ts';
import { CompletionsController } from './openai/completions.controller.ts';
import { ExtractiveAnswerer } from './extracts/extractive-answerer.ts';
import { History } from './history/history.ts';
import { FollowUps } from './lookup/follow-ups.ts';
import { Support } from './grounding/support.ts';
import { Lookup } from './lookup/lookup.ts';
import { ModelList } from './openai/model-list.ts';
import { ResponsesController } from './openai/responses.controller.ts';
import { KnownPrompts } from './model/known-prompts.ts';
import { Traffic } from './traffic/traffic.ts';

@Module({
  controllers: [ChatController, CompletionsController, ResponsesController],
  providers: [
    Admission,
    AnswerCache,
    Answerer,
    AnswerQueue,
    AnswerRecords,
    Composer,
    ExtractiveAnswerer,
    FollowUps,
    History,
    KnownPrompts,
    Lookup,
    ModelList,
    Preparation,
    Quotas,
    Support,
    Traffic,
  ],
})
export class GenerationModule {}
