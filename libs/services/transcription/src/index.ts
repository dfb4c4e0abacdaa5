export { TranscriptionModule } from './transcription.module.ts';
