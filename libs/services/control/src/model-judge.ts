import { Inject, Injectable } from '@nestjs/common';
import { calls, type JudgedQuestion, type ModelComparison } from '@millrace/contracts';
import { Caller } from '@millrace/platform';
import { DocumentAccess } from './document-access.ts';
import { JudgementStore } from './judgement-store.ts';

/** Questions in one call. */
const perCall = 20;

type Verdict = Required<Pick<ModelComparison, 'judged' | 'ndcg_serving' | 'ndcg_next'>>;

/** Has two models asked the questions with judgements that were given for the next one. */
@Injectable()
export class ModelJudge {
  constructor(
    @Inject(JudgementStore) private readonly judgements: JudgementStore,
    @Inject(DocumentAccess) private readonly access: DocumentAccess,
    @Inject(Caller) private readonly caller: Caller,
  ) {}

  async judge(serving: string, next: string): Promise<Verdict> {
    const all = await this.judgements.read(next);
    const verdict = { judged: all.length, ndcg_serving: 0, ndcg_next: 0 };
    for (let from = 0; from < all.length; from += perCall) {
      const questions = await Promise.all(all.slice(from, from + perCall).map((one) => this.withAccess(one)));
      const share = questions.length / all.length;
      const found = await this.caller.call(calls.judgeModels, { serving, next, questions }, { lane: 'bulk' });
      verdict.ndcg_serving += share * found.ndcg_serving;
      verdict.ndcg_next += share * found.ndcg_next;
    }
    return verdict;
  }

  /** As somebody who may read whatever answers it. */
  private async withAccess(question: JudgedQuestion): Promise<JudgedQuestion & { access: string[] }> {
    const { tenant, relevant } = question;
    const lists = await Promise.all(relevant.map((document) => this.access.of({ tenant, document })));
    return { ...question, access: [...new Set(lists.flat())] };
  }
}
