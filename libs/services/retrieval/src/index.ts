export { RetrievalModule } from './retrieval.module.ts';
