export * from './child-process-document-parser.ts';
