export * from './filesystem-blob-store.ts';
export { makeFolder } from './make-folder.ts';
