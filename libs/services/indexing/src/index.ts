export { IndexingModule } from './indexing.module.ts';
