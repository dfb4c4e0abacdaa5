import { createHash } from 'node:crypto';
import {
  documentKey,
  documentVersionKey,
  type ChatCompletionRequest,
  type PromptTemplate,
  type SearchResult,
} from '@millrace/contracts';
import { parametersOf } from '../model/model-answerer.ts';
import type { Source } from '../answers/answer-part.ts';
import { promptWith } from '../model/prompt.ts';
import type { Routed } from '../traffic/traffic.ts';

/** All that an answer follows from: two questions that are alike in it have the same answer. */
export interface AnswerBasis {
  readonly tenant: string;
  /** Version of the moderation policy that the answer is let out by. */
  readonly policy: string;
  /** As moderation leaves it. */
  readonly request: ChatCompletionRequest;
  /** It is a text that is to be continued. */
  readonly isText: boolean;
  /** Undefined: extracts. */
  readonly routed: Pick<Routed, 'candidates'> | undefined;
  /** In full, where it leaned on earlier ones. */
  readonly question: string;
  readonly passages: readonly SearchResult[] | undefined;
  /** Fingerprint of the embedding model, by which extracts are chosen. */
  readonly embedding: string | undefined;
  /** Those of the passages that a language model is given. */
  readonly sources: readonly Source[];
  /** The template of what it is told with them. */
  readonly prompt: PromptTemplate | undefined;
}

/** How an answer is asked for. */
export interface Seeking {
  /** One that is kept will not do. */
  readonly isRenewed: boolean;
  /** How long it may take, in milliseconds. */
  readonly budgetMs?: number | undefined;
}

/** The answer that is looked for. */
export interface SoughtAnswer {
  readonly key: string;
  /** Those who share it may share one that is being made: they wait for its first word equally long. */
  readonly making: string;
  /** Each document that it is made from, and each version of one. */
  readonly owners: readonly string[];
  /** One that is kept will not do. */
  readonly isRenewed: boolean;
}

/** To be changed with what is kept, or how extracts are made. */
const edition = 1;

export function soughtAnswer(basis: AnswerBasis, { isRenewed, budgetMs }: Seeking): SoughtAnswer {
  const { tenant, policy, request, isText } = basis;
  const { says, passages } = basis.routed ? ofModel(basis, basis.routed) : ofExtracts(basis);
  const all = [
    edition,
    tenant,
    policy,
    isText,
    request.model,
    parametersOf(request),
    says,
    passages.map(placeOf),
  ];
  const hash = createHash('sha256').update(JSON.stringify(all)).digest('base64url');
  const key = `answer/${tenant}/${hash}`;
  return { key, making: `${key} ${budgetMs}`, owners: ownersOf(tenant, passages), isRenewed };
}

interface Made {
  /** Who says what to what. */
  readonly says: readonly unknown[];
  /** What it may be made from. */
  readonly passages: readonly Pick<SearchResult, 'document_id' | 'version' | 'chunk_id' | 'start' | 'end'>[];
}

/** The mark between sources is another in each prompt and says nothing: here it is empty. */
function ofModel(
  { request, passages, sources, prompt }: AnswerBasis,
  { candidates }: Pick<Routed, 'candidates'>,
): Made {
  if (!passages) return { says: [candidates, request.messages], passages: [] };
  const messages = promptWith(sources, request.messages, prompt, '');
  return { says: [candidates, messages], passages: sources.map(({ passage }) => passage) };
}

function ofExtracts({ question, passages, embedding }: AnswerBasis): Made {
  const read = passages?.map(({ title, headings, text }) => [title, headings, text]);
  return { says: ['extracts', embedding, question, read], passages: passages ?? [] };
}

const placeOf = ({ document_id, version, chunk_id, start, end }: Made['passages'][number]) => [
  ...[document_id, version, chunk_id, start, end],
];

const ownersOf = (tenant: string, passages: Made['passages']): string[] => [
  ...new Set(
    passages.flatMap(({ document_id: document, version }) => [
      documentKey({ tenant, document }),
      documentVersionKey({ tenant, document, version }),
    ]),
  ),
];
