import { describe, expect, it } from 'vitest';
import { followUpWithWords, leansOnEarlier } from './follow-up.ts';

describe('a question that leans on earlier ones', () => {
  it.each([
    'When was it built?',
    'Who owns them now?',
    'And in winter?',
    'What about the weir?',
    'Why?',
    'Which year?',
    'How many?',
    'Is that true?',
    'Who lives there?',
    'How many are there?',
    'How long does it take to walk around it?',
    'Where is its source?',
  ])('is told: %s', (question) => {
    expect(leansOnEarlier(question)).toBe(true);
  });

  it.each([
    'When was the mill built?',
    'What is DECnet?',
    'What is photosynthesis?',
    'When did Luther broaden his attacks?',
    'Which is the river that drives the mill?',
    'How many people are there in London?',
    'How many rivers are there?',
    'How long does it take to mill a sack?',
    'Why is it common to dress the stones?',
    'How many nations have rivers in their names?',
    'Android or iOS?',
  ])('is told from one that does not: %s', (question) => {
    expect(leansOnEarlier(question)).toBe(false);
  });

  it('gets the words that it lacks, each once', () => {
    expect(followUpWithWords(['Who built the mill at Alder Weir, the old mill?', 'When was it built?'])).toBe(
      'When was it built? mill Alder Weir',
    );
  });

  it('reaches back over others that lean', () => {
    expect(followUpWithWords(['Who built the Crane mill?', 'When was it burnt?', 'And why?'])).toBe(
      'And why? burnt built Crane mill',
    );
  });

  it('gets nothing of what lies before one that stands alone', () => {
    expect(followUpWithWords(['Who built the Crane mill?', 'What do herons eat?', 'And where?'])).toBe(
      'And where? herons eat',
    );
  });

  it('is not drowned by a long text', () => {
    const text = Array.from({ length: 500 }, (_, at) => `word${at}`).join(' ');
    expect(followUpWithWords([text, 'Who wrote it?']).split(' ')).toHaveLength(3 + 32);
  });

  it('stays as it is where nothing was said before', () => {
    expect(followUpWithWords(['When was it built?'])).toBe('When was it built?');
  });
});
