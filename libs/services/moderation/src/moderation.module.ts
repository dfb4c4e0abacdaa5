import { Module } from '@nestjs/common';
import { Moderator } from './moderator.ts';

@Module({ providers: [Moderator] })
export class ModerationModule {}
