import { allSettings, compose } from '@millrace/composition';
import { bootstrap, Settings } from '@millrace/platform';
import { ProvenMillrace, workersDir, type ScriptedModel } from '@millrace/testing';

interface OwnModules {
  /** Moderates in place of Millrace's own. */
  readonly moderator?: new () => object;
  readonly beside?: new () => object;
}

/** Answers by a scripted model in this process. */
export const startAnswers = (
  model?: ScriptedModel,
  { moderator, beside }: OwnModules = {},
): Promise<ProvenMillrace> =>
  ProvenMillrace.start((environment, own) => {
    const settings = new Settings(allSettings, { environment, file: {} });
    return bootstrap('leak', settings, async (logger) => {
      const dist = new URL('../', workersDir);
      const services = ['generation', 'control', ...(moderator ? [] : ['moderation' as const])] as const;
      const composed = await compose({ services, dist }, settings, logger, own);
      const added = [moderator, beside].filter((module) => module !== undefined);
      return { ...composed, modules: [...composed.modules, ...added] };
    });
  }, model);
