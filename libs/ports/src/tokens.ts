/** The names under which composition provides each port to the services (NestJS injection tokens). */
export const EVENT_LOG = Symbol('EventLog');
export const WORK_QUEUE = Symbol('WorkQueue');
export const REQUEST_REPLY = Symbol('RequestReply');
export const VECTOR_STORE = Symbol('VectorStore');
export const BLOB_STORE = Symbol('BlobStore');
export const CACHE = Symbol('Cache');
export const REGISTRY = Symbol('Registry');
export const QUOTA_LEDGER = Symbol('QuotaLedger');
export const DOCUMENT_PARSER = Symbol('DocumentParser');
export const EMBEDDERS = Symbol('Embedders');
export const BACK_ENDS = Symbol('BackEnds');
/** Undefined when none is set: what asks for it is refused. */
export const RERANKER = Symbol('Reranker');
export const TEXT_CLASSIFIER = Symbol('TextClassifier');
export const TRANSCRIBER = Symbol('Transcriber');
export const CLOCK = Symbol('Clock');
