import { describe, expect, it } from 'vitest';
import { ToolCalls } from './tool-calls.ts';

const offered = [{ type: 'function', function: { name: 'grind' } }];
const call = (id: string, name: string, more = '') => ({ index: 0, id, function: { name, arguments: more } });

describe('the tool calls of an answer', () => {
  it('have a name that the caller gave and an id that the back end did not', () => {
    const tools = new ToolCalls(offered);
    const [begun] = tools.partsOf(call('sk-4111111111111111', 'grind'));
    expect(begun).toMatchObject({ type: 'tool', name: 'grind' });
    expect(begun).toMatchObject({ id: expect.stringMatching(/^[a-z0-9]{9}$/) as string });
  });

  it.each([[offered], [undefined], ['nonsense'], [[null, {}, { function: { name: 3 } }]]])(
    'are of no tool that was not offered: %j',
    (tools) => {
      expect(() => [...new ToolCalls(tools).partsOf(call('c', 'my card is 4111'))]).toThrow(/not offered/);
    },
  );

  it('begin once, and go on with their arguments', () => {
    const tools = new ToolCalls(offered);
    const parts = [
      call('c', 'grind', '{'),
      call('c', 'grind', '}'),
      { index: 0, function: { arguments: ' ' } },
    ];
    expect(parts.flatMap((part) => [...tools.partsOf(part)]).map(({ type }) => type)).toEqual([
      'tool',
      'text',
      'text',
      'text',
    ]);
  });
});
