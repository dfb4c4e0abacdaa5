export { ModerationModule } from './moderation.module.ts';
export { moderationSettings } from './moderation-settings.ts';
