import { Injectable } from '@nestjs/common';
import type { Principal, SearchRequest } from '@millrace/contracts';

const mostRemembered = 100;

export interface Question {
  readonly principal: Principal;
  readonly request: SearchRequest;
}

/** The last questions of people, in memory alone and never told, to be asked again of another model. */
@Injectable()
export class RecentQuestions {
  private questions: readonly Question[] = [];

  /** A reranker is the same for all models, and not to be asked again. */
  note({ principal, request: { rerank: _, ...request } }: Question): void {
    this.questions = [...this.questions, { principal, request }].slice(-mostRemembered);
  }

  all(): readonly Question[] {
    return this.questions;
  }
}
