import { formatLocation } from '../router/location.ts';

/** The first is answered by the example corpus that a first start loads. */
const questions = [
  'How do I erase a document, and how do I know that it is gone?',
  'What happens to a document that cannot be read?',
  'Who may find a document?',
];

/** Before the first question. */
export function Welcome({ onAsk }: { readonly onAsk: (question: string) => void }) {
  return (
    <div className="welcome">
      <h1>Ask your documents</h1>
      <p>
        Answers come from what you have pushed, and each sentence names the passage it comes from. Add your
        own on the page <a href={formatLocation({ page: 'documents' })}>Documents</a>, or try:
      </p>
      <ul>
        {questions.map((question) => (
          <li key={question}>
            <button type="button" className="button" onClick={() => onAsk(question)}>
              {question}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
