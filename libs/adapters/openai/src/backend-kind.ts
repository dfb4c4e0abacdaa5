import type { ErrorCode } from '@millrace/contracts';

/** What a back end is for: in which words of the error table its failures are told, and what its operator should look at. */
export interface BackendKind {
  readonly name: string;
  readonly keySetting: string;
  readonly unavailable: ErrorCode;
  readonly error: ErrorCode;
  readonly refused: ErrorCode;
}

export const languageModel: BackendKind = {
  name: 'language model back end',
  keySetting: 'MILLRACE_LLM_API_KEY',
  unavailable: 'backend_unavailable',
  error: 'backend_error',
  refused: 'backend_refused',
};

export const reranker: BackendKind = {
  name: 'reranker',
  keySetting: 'MILLRACE_RERANKER_API_KEY',
  unavailable: 'reranker_unavailable',
  error: 'reranker_error',
  refused: 'reranker_refused',
};

export const classifier: BackendKind = {
  name: 'classifier of moderation',
  keySetting: 'MILLRACE_CLASSIFIER_API_KEY',
  unavailable: 'classifier_unavailable',
  error: 'classifier_unavailable',
  refused: 'classifier_unavailable',
};
