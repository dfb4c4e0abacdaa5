import { useState } from 'react';
import { isProblem } from '../api/client.ts';
import { messageOf } from '../api/problem.ts';
import { KeyForm } from './key-form.tsx';
import { Notice } from './notice.tsx';

interface Props {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** What went wrong, as the server says it, with a way on: another try, or the key it asks for. */
export function ProblemNotice({ error, onRetry }: Props) {
  const [asking, setAsking] = useState(false);
  const needsKey = isProblem(error, 'unauthenticated');
  const action = needsKey
    ? { label: 'Enter a key', run: () => setAsking(true) }
    : { label: 'Try again', run: onRetry };
  return (
    <>
      <Notice kind="error" action={action}>
        {messageOf(error)}
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
