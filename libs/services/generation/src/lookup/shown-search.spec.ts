import { calls } from '@millrace/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  answering,
  type Answering,
  asked,
  collect,
  passage,
  redactCrane,
  tokens,
} from '../testing/answering.ts';

let at: Answering;
beforeEach(() => {
  at = answering();
  at.replies.set(calls.moderate, redactCrane);
  at.replies.set(calls.findPassages, () => ({
    results: [{ ...passage, metadata: { by: 'Josiah Crane', year: 1791 } }],
  }));
});

const startOf = async (more: object) => {
  const answer = at.answerer(at.backEnd(...tokens('He did.'))).answer({ ...asked(), ...more });
  return (await collect(answer)).parts[0];
};

describe('what was looked up', () => {
  it('is told where it is asked for', async () => {
    expect(await startOf({})).not.toHaveProperty('search');
    expect(await startOf({ showing: { passages: false } })).toMatchObject({
      search: { query: 'Who built the mill?', passages: undefined },
    });
    const request = { ...asked().request, millrace: { retrieval: false } };
    expect(await startOf({ request, showing: { passages: true } })).not.toHaveProperty('search');
  });

  it('leaves through moderation, passages and their metadata like the question', async () => {
    const request = { messages: [{ role: 'user', content: 'When did Josiah Crane live?' }] };
    expect(await startOf({ request, showing: { passages: true } })).toMatchObject({
      search: {
        query: 'When did *** live?',
        passages: [
          {
            document_id: 'mill',
            text: 'The mill was built by ***. It grinds spelt.',
            metadata: { by: '***', year: 1791 },
          },
        ],
      },
    });
  });

  it('is left out where it is blocked', async () => {
    at.replies.set(calls.moderate, ({ text, direction }: { text: string; direction: string }) => ({
      ...redactCrane({ text }),
      action: direction === 'output' && text.includes('1791') ? 'block' : 'allow',
    }));
    expect(await startOf({ showing: { passages: true } })).toMatchObject({
      search: { passages: [{ metadata: {} }] },
    });
  });
});
