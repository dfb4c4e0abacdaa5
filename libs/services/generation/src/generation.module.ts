import { Module } from '@nestjs/common';
import { Admission } from './admission/admission.ts';
import { AnswerQueue } from './admission/answer-queue.ts';
import { Quotas } from './admission/quotas.ts';
import { AnswerRecords } from './answer-records.ts';
import { Answerer } from './answerer.ts';
import { ChatController } from './chat.controller.ts';
import { CompletionsController } from './completions.controller.ts';
import { ExtractiveAnswerer } from './extractive-answerer.ts';
import { FollowUps } from './follow-ups.ts';
import { Lookup } from './lookup.ts';
import { ModelList } from './model-list.ts';
import { ResponsesController } from './responses.controller.ts';
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
    Traffic,
  ],
})
export class GenerationModule {}
