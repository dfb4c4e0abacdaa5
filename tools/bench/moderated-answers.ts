import { allSettings, compose, serviceTable } from '@millrace/composition';
import { bootstrap, Settings } from '@millrace/platform';
import { ProvenMillrace, workersDir, type ScriptedModel } from '@millrace/testing';

/** Answers by a scripted model in this process. @param moderation the module that moderates them */
export const startAnswers = (
  model?: ScriptedModel,
  moderation = serviceTable.moderation.module,
): Promise<ProvenMillrace> =>
  ProvenMillrace.start((environment, own) => {
    const settings = new Settings(allSettings, { environment, file: {} });
    return bootstrap('leak', settings, async (logger) => {
      const dist = new URL('../', workersDir);
      const composed = await compose({ services: ['generation'], dist }, settings, logger, own);
      return { ...composed, modules: [...composed.modules, moderation] };
    });
  }, model);
