export { RetrievalModule } from './retrieval.module.ts';
export { retrievalSettings } from './retrieval-settings.ts';
