import { parseArgs } from 'node:util';

export const help = `Usage: npm run topics -- [describe | apply] [OPTIONS]

Compares the topics in Kafka with their declarations (docs/reference/events.md), dead-letter topics included. It goes by
the settings MILLRACE_KAFKA_* and needs, for apply, a login that may create topics; services need none then.

  describe           say what is as declared, what is missing and what differs; changes nothing (the default)
  apply              make what is missing; what differs is left alone and reported, unless:
  --change-settings  with apply: set retention and compaction as declared; a shorter retention deletes records
  --add-partitions   with apply: add partitions; events of one document may then overtake each other once
  --json             the report as JSON
  --help

Exit code 0: all is as declared now; 1: something is missing or differs; 2: arguments or settings are wrong.`;

export interface Options {
  readonly command: 'describe' | 'apply';
  readonly may: { readonly settings: boolean; readonly partitions: boolean };
  readonly json: boolean;
  readonly help: boolean;
}

/** Throws with a sentence for the one who typed the arguments. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'change-settings': { type: 'boolean', default: false },
      'add-partitions': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [command = 'describe', ...more] = positionals;
  if ((command !== 'describe' && command !== 'apply') || more.length > 0)
    throw new Error(`There is no command ${positionals.join(' ')}: describe or apply.`);
  const may = { settings: values['change-settings'], partitions: values['add-partitions'] };
  if (command === 'describe' && (may.settings || may.partitions))
    throw new Error('describe changes nothing: --change-settings and --add-partitions belong to apply.');
  return { command, may, json: values.json, help: values.help };
}
