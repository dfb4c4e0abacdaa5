import type { Fusion, Ranking } from './ranking.ts';

interface Props {
  readonly ranking: Ranking;
  readonly onChange: (ranking: Ranking) => void;
}

/** What most searches leave alone. */
export function RankingOptions({ ranking, onChange }: Props) {
  const set = (change: Partial<Ranking>) => onChange({ ...ranking, ...change });
  const { fusion, dense, sparse, diversity, neighbours, feedback, explain } = ranking;
  const isOneSided = ranking.mode !== 'hybrid';
  const bothNone = 'Meaning or words must count something.';
  return (
    <details className="ranking">
      <summary>Ranking</summary>
      <div className="ranking-fields">
        <label className="field">
          Fused by
          <select
            value={fusion}
            disabled={isOneSided}
            onChange={({ target }) => set({ fusion: target.value as Fusion })}
          >
            <option value="dbsf">Scores</option>
            <option value="rrf">Ranks</option>
          </select>
        </label>
        <NumberField
          {...{ label: 'Meaning counts', value: dense, max: 100, step: 0.1, disabled: isOneSided }}
          problem={dense + sparse > 0 ? '' : bothNone}
          onChange={(value) => set({ dense: value })}
        />
        <NumberField
          {...{ label: 'Words count', value: sparse, max: 100, step: 0.1, disabled: isOneSided }}
          onChange={(value) => set({ sparse: value })}
        />
        <NumberField
          {...{ label: 'Diversity, 0 to 1', value: diversity, max: 1, step: 0.05 }}
          onChange={(value) => set({ diversity: value })}
        />
        <NumberField
          {...{ label: 'Chunks around', value: neighbours, max: 5, step: 1 }}
          onChange={(value) => set({ neighbours: value })}
        />
        <label className="field field-inline">
          <input
            type="checkbox"
            checked={feedback}
            disabled={ranking.mode === 'sparse'}
            onChange={({ target }) => set({ feedback: target.checked })}
          />
          Ask again with what was found
        </label>
        <label className="field field-inline">
          <input
            type="checkbox"
            checked={explain}
            onChange={({ target }) => set({ explain: target.checked })}
          />
          Explain scores
        </label>
      </div>
    </details>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly step: number;
  readonly disabled?: boolean;
  /** Keeps the form from being sent. */
  readonly problem?: string;
  readonly onChange: (value: number) => void;
}

function NumberField({ label, value, max, step, disabled, problem = '', onChange }: NumberFieldProps) {
  return (
    <label className="field">
      {label}
      <input
        type="number"
        required
        {...{ min: 0, max, step, disabled }}
        ref={(input) => input?.setCustomValidity(disabled ? '' : problem)}
        value={Number.isNaN(value) ? '' : value}
        onChange={({ target }) => onChange(target.valueAsNumber)}
      />
    </label>
  );
}
