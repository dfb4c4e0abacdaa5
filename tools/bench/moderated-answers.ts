import { allSettings, compose } from '@millrace/composition';
import { bootstrap, Settings } from '@millrace/platform';
import { ProvenMillrace, workersDir, type ScriptedModel } from '@millrace/testing';

/** Answers by a scripted model in this process. @param moderator a module that moderates them in place of Millrace's own */
export const startAnswers = (model?: ScriptedModel, moderator?: new () => object): Promise<ProvenMillrace> =>
  ProvenMillrace.start((environment, own) => {
    const settings = new Settings(allSettings, { environment, file: {} });
    return bootstrap('leak', settings, async (logger) => {
      const dist = new URL('../', workersDir);
      const services = ['generation', 'control', ...(moderator ? [] : ['moderation' as const])] as const;
      const composed = await compose({ services, dist }, settings, logger, own);
      return { ...composed, modules: [...composed.modules, ...(moderator ? [moderator] : [])] };
    });
  }, model);
