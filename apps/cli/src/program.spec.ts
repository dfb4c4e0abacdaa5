import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { Run } from './context.ts';
import { program } from './program.ts';

/** Parses a command line and gives what the command's work would be called with. */
async function parse(...args: string[]): Promise<{ given: unknown[]; globals: object }> {
  let given: unknown[] = [];
  const run: Run =
    () =>
    async (...all) => {
      given = all;
    };
  const root = quiet(program(run));
  await root.parseAsync(args, { from: 'user' });
  const command = given.at(-1) as Command;
  return { given: given.slice(0, -1), globals: command.optsWithGlobals() };
}

const quiet = (command: Command): Command => {
  command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  command.commands.forEach(quiet);
  return command;
};

describe('the command line', () => {
  it('takes a question in several words', async () => {
    const { given } = await parse('ask', 'who', 'built', 'it', '--no-retrieval', '-k', '3');
    expect(given).toEqual([['who', 'built', 'it'], { retrieval: false, topK: 3 }]);
  });

  it('takes how a search is to rank', async () => {
    const how = [
      '--weights',
      '2:0.5',
      '--fusion',
      'rrf',
      '--diversity',
      '.3',
      '--neighbours',
      '1',
      '--feedback',
      '--explain',
    ];
    const { given } = await parse('search', 'x', ...how);
    expect(given).toEqual([
      ['x'],
      {
        ...{ topK: 5, mode: 'hybrid', fusion: 'rrf', weights: { dense: 2, sparse: 0.5 } },
        ...{ diversity: 0.3, neighbours: 1, feedback: true, explain: true },
      },
    ]);
  });

  it('takes the options for all commands before and after the command', async () => {
    const expected = { json: true, url: 'http://x' };
    expect((await parse('--json', 'status', '--url', 'http://x')).globals).toMatchObject(expected);
    expect((await parse('--url', 'http://x', 'keys', 'list', '--json')).globals).toMatchObject(expected);
  });

  it('collects metadata and access lists', async () => {
    const { given } = await parse(
      'push',
      'a',
      'b',
      '--acl',
      'group:x',
      '--acl',
      'user:y',
      '--metadata',
      'n=1',
    );
    expect(given).toMatchObject([['a', 'b'], { acl: ['group:x', 'user:y'], metadata: { n: 1 }, prefix: '' }]);
  });

  it('waits on a terminal unless told otherwise', async () => {
    expect((await parse('push', 'a')).given[1]).not.toHaveProperty('wait');
    expect((await parse('push', 'a', '--wait')).given[1]).toMatchObject({ wait: true });
    expect((await parse('push', 'a', '--no-wait')).given[1]).toMatchObject({ wait: false });
  });

  it('refuses what makes no sense', async () => {
    for (const args of [
      ['pusj'],
      ['search'],
      ['search', 'x', '--mode', 'magic'],
      ['search', 'x', '--fusion', 'cold'],
      ...['2', '2:', ':1', '0:0', '-1:1', '1:101', '1:1:1', 'a:b'].map((it) => [
        'search',
        'x',
        '--weights',
        it,
      ]),
      ...['-0.1', '1.1', '', 'much'].map((it) => ['search', 'x', '--diversity', it]),
      ['search', 'x', '--neighbours', '6'],
      ['push', 'a', '--acl', 'everyone'],
      ['push', 'a', '--metadata', 'k!=1'],
      ['keys', 'create', 'ann'],
      ['status', '--state', 'lost'],
    ])
      await expect(parse(...args), args.join(' ')).rejects.toThrow();
  });

  it('teaches: each command has examples, its own or those of the command above it', () => {
    const root = program(() => async () => undefined);
    for (const command of root.commands) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      expect(help, command.name()).toContain(`$ millrace ${command.name()}`);
    }
  });
});
