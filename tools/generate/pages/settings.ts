import { allSettings } from '@millrace/composition';
import { snake, variableName, type SettingsGroup, type SettingSpec } from '@millrace/platform';
import { typeName } from '../fields.ts';
import { code, page, table } from '../markdown.ts';

export const settingsPage = (): string =>
  page(
    'Settings',
    'the settings tables beside the code that reads them',
    'Each is an environment variable, or a line in `millrace.yaml` (another path: `MILLRACE_CONFIG`); the variable wins. ' +
      '`npm start -- --check-config` prints every problem at once.',
    ...allSettings
      .filter(({ fields }) => Object.keys(fields).length > 0)
      .flatMap((group) => [`## ${group.name || 'server'}`, groupTable(group)]),
  );

const groupTable = ({ name, fields }: SettingsGroup): string =>
  table(
    ['Variable', 'In millrace.yaml', 'Value', 'Default', 'What for'],
    Object.entries(fields).map(([field, spec]) => [
      code(variableName(name, field)),
      code(name ? `${name}: ${snake(field)}` : snake(field)),
      typeName(spec.schema) + (spec.secret ? ', secret' : ''),
      defaultOf(spec),
      spec.reason,
    ]),
  );

function defaultOf({ schema, unit }: SettingSpec): string {
  const parsed = schema.safeParse(undefined);
  if (!parsed.success || parsed.data === undefined) return 'unset';
  return (
    code(typeof parsed.data === 'string' ? parsed.data : JSON.stringify(parsed.data)) +
    (unit ? ` ${unit}` : '')
  );
}
