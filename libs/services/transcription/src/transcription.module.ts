import { Module } from '@nestjs/common';
import { TranscriptionController } from './transcription.controller.ts';

@Module({ controllers: [TranscriptionController] })
export class TranscriptionModule {}
