import { useState } from 'react';
import { isProblem } from '../api/client.ts';
import { keyRefused, messageOf } from '../api/problem.ts';
import { KeyForm } from './key-form.tsx';
import { Notice } from './notice.tsx';

interface Props {
  readonly error: unknown;
  readonly onRetry: () => void;
  /** Said of a key that may not, in place of the server's words. */
  readonly forbidden?: string;
}

/** What another try would not bring. */
const notThere = ['document_not_found', 'content_not_found'] as const;

/** What went wrong, as the server says it, with a way on: another try, or the key it asks for. */
export function ProblemNotice({ error, onRetry, forbidden }: Props) {
  const [asking, setAsking] = useState(false);
  const needsKey = isProblem(error, 'unauthenticated');
  const needsRight = isProblem(error, 'forbidden');
  const action =
    needsKey || needsRight || isProblem(error, keyRefused)
      ? { label: needsKey ? 'Enter a key' : 'Use another key', run: () => setAsking(true) }
      : notThere.some((code) => isProblem(error, code))
        ? undefined
        : { label: 'Try again', run: onRetry };
  return (
    <>
      <Notice kind="error" action={action}>
        {(needsRight && forbidden) || messageOf(error)}
      </Notice>
      {asking && (
        <KeyForm
          onClose={() => {
            setAsking(false);
            onRetry();
          }}
        />
      )}
    </>
  );
}
