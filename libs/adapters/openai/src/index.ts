export { OpenAiGenerator, type OpenAiOptions } from './openai-generator.ts';
