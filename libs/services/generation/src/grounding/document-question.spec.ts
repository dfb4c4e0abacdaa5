import type { ChatCompletionRequest } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { wordsForDocuments } from './document-question.ts';

type Request = Partial<ChatCompletionRequest>;
type Messages = ChatCompletionRequest['messages'];

const wordsOf = (content: string, { messages = [], ...request }: Request = {}) => {
  const all: Messages = [...messages, { role: 'user', content }];
  return wordsForDocuments({ ...request, messages: all }, content);
};
const said = (role: Messages[number]['role'], content: string) => ({ role, content });

describe('what the documents have to answer', () => {
  it('are the words of a question, each once', () => {
    expect(wordsOf('Who built the mill, and who owns the mill?')).toEqual(['built', 'mill', 'own']);
    expect(wordsOf('水車小屋はいつ建てられましたか')?.length).toBeGreaterThan(1);
  });

  it.each([
    'Hello!',
    'Thanks a lot, that helps.',
    'How are you today?',
    'What can you do?',
    'Bonjour',
    'Привет!',
    '👋',
  ])('is nothing of %j', (greeting) => expect(wordsOf(greeting)).toBeUndefined());

  it('is nothing where a tool may answer, or has', () => {
    const tools = [{ type: 'function', function: { name: 'weather' } }];
    expect(wordsOf('Will it rain in Ode tomorrow?', { tools })).toBeUndefined();
    const messages = [said('user', 'Rain?'), { role: 'tool' as const, content: 'yes', tool_call_id: 'a' }];
    expect(wordsOf('Who built the mill?', { messages })).toBeUndefined();
    expect(wordsOf('Who built the mill?', { tools: [] })).toBeDefined();
  });

  it('is nothing where the answer has to have a shape that a sentence has not', () => {
    expect(wordsOf('Who built the mill?', { response_format: { type: 'json_object' } })).toBeUndefined();
    expect(wordsOf('Who built the mill?', { response_format: { type: 'text' } })).toBeDefined();
  });

  it('is nothing of a question about a picture', () => {
    const content = [{ type: 'text', text: 'Who built this mill?' }, { type: 'image_url' }];
    expect(
      wordsForDocuments({ messages: [{ role: 'user', content }] }, 'Who built this mill?'),
    ).toBeUndefined();
  });

  it('is nothing of a text to work on', () => {
    const text = Array.from({ length: 80 }, (_, at) => `word${at}`).join(' ');
    expect(wordsOf(`Proofread: ${text}`)).toBeUndefined();
  });

  it.each(['system', 'developer', 'assistant', 'user'] as const)(
    'is nothing where half of it was said by the %s',
    (role) => {
      const messages = [said(role, 'The office opens at nine and closes at five.')];
      expect(wordsOf('When does the office open?', { messages })).toBeUndefined();
      expect(wordsOf('Who built the mill?', { messages })).toEqual(['built', 'mill']);
    },
  );

  it.each([
    'Translate your last answer into French.',
    'Please summarise this conversation.',
    'Shorter, please',
  ])('is nothing of what is about the conversation: %s', (content) => {
    const messages = [said('user', 'Who built the mill?'), said('assistant', 'Josiah Crane.')];
    expect(wordsOf(content, { messages })).toBeUndefined();
  });
});
