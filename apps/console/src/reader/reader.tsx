import { useCallback } from 'react';
import { call } from '../api/client.ts';
import type { PassageRef } from '../router/location.ts';
import { Loading } from '../shared/loading.tsx';
import { Modal } from '../shared/modal.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { useAnswer } from '../shared/use-answer.ts';
import { DocumentText } from './document-text.tsx';
import { Name } from '../shared/name.tsx';

interface Props {
  readonly passage: PassageRef;
  readonly onClose: () => void;
}

/** A document with the cited passage marked and in view. */
export function Reader({ passage, onClose }: Props) {
  const { id } = passage;
  const { answer, error, retry } = useAnswer(
    useCallback((signal: AbortSignal) => call('getContent', { id, signal }), [id]),
  );
  return (
    <Modal title={answer?.title ?? id} onClose={onClose} wide>
      {answer && (
        <p className="document-id">
          <Name of={id} /> · version {answer.version}
        </p>
      )}
      {error !== undefined && <ProblemNotice error={error} onRetry={retry} />}
      {answer && <DocumentText content={answer} passage={passage} />}
      {!answer && error === undefined && <Loading what="the document" />}
    </Modal>
  );
}
