export { HttpClassifier, type HttpClassifierOptions } from './http-classifier.ts';
export { HttpReranker, rerankFormats, type HttpRerankerOptions } from './http-reranker.ts';
export { OpenAiGenerator, type OpenAiOptions } from './openai-generator.ts';
