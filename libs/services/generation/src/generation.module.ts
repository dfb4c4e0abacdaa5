import { Module } from '@nestjs/common';
import { Answerer } from './answerer.ts';
import { ChatController } from './chat.controller.ts';
import { ExtractiveAnswerer } from './extractive-answerer.ts';
import { ModelList } from './model-list.ts';

@Module({ controllers: [ChatController], providers: [Answerer, ExtractiveAnswerer, ModelList] })
export class GenerationModule {}
