import { useState } from 'react';
import { call, type Answer } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { Modal } from '../shared/modal.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { Receipt } from './receipt.tsx';
import { Name } from '../shared/name.tsx';

interface Props {
  readonly id: string;
  readonly onClose: () => void;
}

type Step =
  | { readonly name: 'asking' }
  | { readonly name: 'erasing' }
  | { readonly name: 'done'; readonly receipt: Answer<'getReceipt'> }
  | { readonly name: 'failed'; readonly error: unknown };

/** Asks before it erases, and shows the receipt. */
export function DeleteDialog({ id, onClose }: Props) {
  const [step, setStep] = useState<Step>({ name: 'asking' });
  const run = (): void => {
    setStep({ name: 'erasing' });
    erase(id).then(
      (receipt) => setStep({ name: 'done', receipt }),
      (error: unknown) => setStep({ name: 'failed', error }),
    );
  };
  return (
    <Modal title={step.name === 'done' ? 'Erased' : 'Delete this document?'} onClose={onClose}>
      <p className="document-id">
        <Name of={id} />
      </p>
      {step.name === 'failed' && <ProblemNotice error={step.error} onRetry={run} />}
      {step.name === 'done' && <Receipt receipt={step.receipt} />}
      {(step.name === 'asking' || step.name === 'erasing') && (
        <p>It is erased everywhere: text, vectors, original and history. This cannot be undone.</p>
      )}
      <div className="row-end" role="status">
        {step.name === 'erasing' && <span className="hint">Erasing …</span>}
        <button type="button" className="button" onClick={onClose}>
          {step.name === 'done' ? 'Close' : 'Cancel'}
        </button>
        {(step.name === 'asking' || step.name === 'erasing') && (
          <button
            type="button"
            className="button button-danger"
            onClick={run}
            disabled={step.name === 'erasing'}
          >
            Delete
          </button>
        )}
      </div>
    </Modal>
  );
}

/** Seconds that the server may hold the question; asked so many times. */
const longPollSeconds = 20;
const mostPolls = 6;

async function erase(id: string): Promise<Answer<'getReceipt'>> {
  const { version } = await call('deleteDocument', { id });
  for (let poll = 0; poll < mostPolls; poll++) {
    const status = await call('getDocument', { id, query: { wait: 'deleted', timeout: longPollSeconds } });
    if (status.version >= version && status.state === 'deleted') return call('getReceipt', { id });
    if (status.state === 'dead-lettered') throw new Problem(status.reason?.message ?? 'The erasure failed.');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Problem('The erasure takes long. It goes on by itself; look at the state of the document later.');
}
