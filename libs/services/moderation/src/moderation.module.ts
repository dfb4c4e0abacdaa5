import { Module } from '@nestjs/common';
import { Classification } from './classification.ts';
import { Moderator } from './moderator.ts';

@Module({ providers: [Classification, Moderator] })
export class ModerationModule {}
