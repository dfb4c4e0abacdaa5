export { ControlModule } from './control.module.ts';
export { controlSettings } from './control-settings.ts';
