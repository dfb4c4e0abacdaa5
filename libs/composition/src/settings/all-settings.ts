import {
  driftSettings,
  httpSettings,
  readSettingsSource,
  serverSettings,
  Settings,
  type SettingsGroup,
} from '@millrace/platform';
import { serviceTable } from '../services.ts';
import { adapterSettings } from './adapter-settings.ts';
import { engineSettings } from './engine-settings.ts';
import { gatewaySettings } from './gateway-settings.ts';

/** Every setting there is; `docs/reference/settings.md` is made from this. */
export const allSettings: readonly SettingsGroup[] = [
  serverSettings,
  httpSettings,
  driftSettings,
  gatewaySettings,
  ...engineSettings,
  ...adapterSettings,
  ...Object.values(serviceTable).flatMap(({ settings }) => settings),
];

/** Reads and checks the settings of this process. */
export const loadSettings = (): Settings => new Settings(allSettings, readSettingsSource());
