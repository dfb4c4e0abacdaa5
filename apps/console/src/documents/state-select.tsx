import type { StateFilter } from './use-documents.ts';

const states: readonly Exclude<StateFilter, ''>[] = [
  'accepted',
  'parsed',
  'embedded',
  'indexed',
  'dead-lettered',
  'deleted',
];

interface Props {
  readonly state: StateFilter;
  readonly onChange: (state: StateFilter) => void;
}

export function StateSelect({ state, onChange }: Props) {
  return (
    <label className="field field-inline">
      State
      <select value={state} onChange={({ target }) => onChange(target.value as StateFilter)}>
        <option value="">all but deleted</option>
        {states.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
