export { GenerationModule } from './generation.module.ts';
export { generationSettings } from './generation-settings.ts';
