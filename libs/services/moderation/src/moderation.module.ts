import { Module } from '@nestjs/common';
import { Classification } from './classification.ts';
import { KnownPolicies } from './known-policies.ts';
import { Moderator } from './moderator.ts';

@Module({ providers: [Classification, KnownPolicies, Moderator] })
export class ModerationModule {}
