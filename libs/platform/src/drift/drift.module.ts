import { Module } from '@nestjs/common';
import { DriftMonitor } from './drift-monitor.ts';

/** For services that see what may drift: one monitor for all of them in a process. */
@Module({ providers: [DriftMonitor], exports: [DriftMonitor] })
export class DriftModule {}
