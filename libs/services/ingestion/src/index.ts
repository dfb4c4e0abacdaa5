export { IngestionModule } from './ingestion.module.ts';
export { ingestionSettings } from './ingestion-settings.ts';
