export { HttpReranker, rerankFormats, type HttpRerankerOptions } from './http-reranker.ts';
export { OpenAiGenerator, type OpenAiOptions } from './openai-generator.ts';
