import { Injectable, Module } from '@nestjs/common';
import { RedisQuotaLedger } from '@millrace/adapters/redis';
import { allSettings, compose, serviceTable } from '@millrace/composition';
import { calls, type CallOutput, type Quota } from '@millrace/contracts';
import { bootstrap, HandleCall, Settings } from '@millrace/platform';
import { EVENT_LOG, QUOTA_LEDGER } from '@millrace/ports';
import { RecordingEventLog, workersDir } from '@millrace/testing';

/** What a replica of generation is started with, as JSON in its last argument. */
export interface ReplicaOptions {
  readonly redis: string;
  readonly prefix: string;
  readonly quota: Quota;
  readonly dataDir: string;
  /** The language model's address. */
  readonly model: string;
}

/** Generation and moderation in this process, with a quota that is counted in Redis; tells the runner its address. */
export async function runQuotaReplica(): Promise<void> {
  const { redis, prefix, quota, dataDir, model } = JSON.parse(process.argv.at(-1)!) as ReplicaOptions;
  const environment = {
    ...{ MILLRACE_DATA_DIR: dataDir, MILLRACE_PORT: '0', MILLRACE_LOG_LEVEL: 'warn' },
    ...{ MILLRACE_LLM_BASE_URL: model, MILLRACE_LLM_MODEL: 'metered' },
  };
  const settings = new Settings(allSettings, { environment, file: {} });
  const own = new Map([
    [QUOTA_LEDGER, opened('quota-ledger', RedisQuotaLedger.open({ url: redis, prefix }))],
    [EVENT_LOG, opened('event-log', new RecordingEventLog())],
  ]);
  const { url } = await bootstrap('quota', settings, async (logger) => {
    const dist = new URL('../', workersDir);
    const composed = await compose({ services: ['generation'], dist }, settings, logger, own);
    return { ...composed, modules: [...composed.modules, serviceTable.moderation.module, controlOf(quota)] };
  });
  process.send?.(url);
  process.on('disconnect', () => process.exit(0));
}

const opened = (name: string, value: object) => ({ name, open: async () => ({ value }) });

/** Says of every tenant that it has this quota. */
function controlOf(quota: Quota) {
  @Injectable()
  class Control {
    @HandleCall(calls.tenantQuota)
    async quotaOf(): Promise<CallOutput<typeof calls.tenantQuota>> {
      return { quota };
    }
  }

  @Module({ providers: [Control] })
  class ControlModule {}

  return ControlModule;
}
