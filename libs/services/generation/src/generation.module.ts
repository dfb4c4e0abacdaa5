import { Module } from '@nestjs/common';
import { Admission } from './admission/admission.ts';
import { AnswerQueue } from './admission/answer-queue.ts';
import { Quotas } from './admission/quotas.ts';
import { AnswerRecords } from './answers/answer-records.ts';
import { Answerer } from './answers/answerer.ts';
import { ChatController } from './openai/chat.controller.ts';
import { CompletionsController } from './openai/completions.controller.ts';
import { ExtractiveAnswerer } from './extracts/extractive-answerer.ts';
import { FollowUps } from './lookup/follow-ups.ts';
import { Support } from './grounding/support.ts';
import { Lookup } from './lookup/lookup.ts';
import { ModelList } from './openai/model-list.ts';
import { ResponsesController } from './openai/responses.controller.ts';
import { Traffic } from './traffic/traffic.ts';

@Module({
  controllers: [ChatController, CompletionsController, ResponsesController],
  providers: [
    Admission,
    Answerer,
    AnswerQueue,
    AnswerRecords,
    ExtractiveAnswerer,
    FollowUps,
    Lookup,
    ModelList,
    Quotas,
    Support,
    Traffic,
  ],
})
export class GenerationModule {}
