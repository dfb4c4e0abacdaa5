import { describe, expect, it } from 'vitest';
import { collectAdapters, collectRuns, missingRuns, parse, readFindings } from './adapter-runs.mjs';

/** What is missing among these sources, of two ports of which one has a suite. */
function missing(adapters: string, specs: string): string[] {
  const findings = {
    ports: new Set(['Cache', 'Clock']),
    suites: new Set(['Cache']),
    adapters: new Map<string, string[]>(),
    runs: new Map<string, string[]>(),
  };
  collectAdapters(parse('adapters.ts', adapters), findings);
  collectRuns(parse('adapters.spec.ts', specs), findings);
  return missingRuns(findings);
}

describe('adapters and their conformance runs', () => {
  it('wants a run for each adapter', () => {
    const adapters = 'class Big implements Cache {} class Small extends X implements Other, Cache {}';
    expect(missing(adapters, `cacheConformance('Big', make);`)).toEqual([
      "Small: no spec that is run calls cacheConformance('Small', ...)",
    ]);
    const both = `if (url) cacheConformance('Big on ice', make); describe('x', () => cacheConformance('Small', make));`;
    expect(missing(adapters, both)).toEqual([]);
  });

  it('does not count a run that is left out', () => {
    for (const specs of [
      `describe.skip('x', () => cacheConformance('Big', make));`,
      `if (false) cacheConformance('Big', make);`,
    ])
      expect(missing('class Big implements Cache {}', specs)).toHaveLength(1);
  });

  it('wants a run on each database of an adapter that stands on several', () => {
    expect(
      missing('class SqlRegistry implements Cache {}', `cacheConformance('SqlRegistry on SQLite', make);`),
    ).toEqual([
      "SqlRegistry on PostgreSQL: no spec that is run calls cacheConformance('SqlRegistry on PostgreSQL', ...)",
    ]);
  });

  it('takes neither another’s run nor one in a comment', () => {
    const specs = `// cacheConformance('Big', make)\nclockConformance('Big', make); cacheConformance('Bigger', make);`;
    expect(missing('class Big implements Cache {}', specs)).toHaveLength(1);
  });

  it('wants a suite as soon as a port has two adapters', () => {
    expect(missing('class Sun implements Clock {}', '')).toEqual([]);
    expect(missing('class Sun implements Clock {} class Quartz implements Clock {}', '')).toEqual([
      'Sun and Quartz: there is no clockConformance to hold them to',
    ]);
  });

  it('finds the adapters and suites of this repository', () => {
    const { adapters, suites } = readFindings();
    expect(suites.size).toBeGreaterThanOrEqual(7);
    expect([...adapters.values()].flat().length).toBeGreaterThanOrEqual(15);
  });
});
