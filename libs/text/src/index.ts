export * from './chunking/block.ts';
export * from './chunking/chunker.ts';
export * from './chunking/context.ts';
export * from './follow-up.ts';
export * from './ranking-metrics.ts';
export * from './sentences.ts';
export * from './terms.ts';
export * from './tokenizer.ts';
