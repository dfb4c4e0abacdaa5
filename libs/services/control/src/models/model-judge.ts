import { Inject, Injectable } from '@nestjs/common';
import { calls, type JudgedQuestion, type ModelComparison, type NextModel } from '@millrace/contracts';
import { Caller } from '@millrace/platform';
import { DocumentAccess } from '../document-access.ts';
import { judgementsFor, JudgementStore } from './judgement-store.ts';

/** Questions in one call. */
const perCall = 20;

const means = ['ndcg_serving', 'ndcg_next', 'ndcg_dense_serving', 'ndcg_dense_next'] as const;

type Verdict = Required<Pick<ModelComparison, 'judged' | (typeof means)[number]>> &
  Pick<ModelComparison, 'judged_alike'>;

/** Has two models asked the questions with judgements that were given for the next one. */
@Injectable()
export class ModelJudge {
  constructor(
    @Inject(JudgementStore) private readonly judgements: JudgementStore,
    @Inject(DocumentAccess) private readonly access: DocumentAccess,
    @Inject(Caller) private readonly caller: Caller,
  ) {}

  async judge(serving: string, prepared: NextModel): Promise<Verdict> {
    const all = await this.judgements.read(judgementsFor(prepared));
    const next = prepared.model;
    const sums = { ndcg_serving: 0, ndcg_next: 0, ndcg_dense_serving: 0, ndcg_dense_next: 0 };
    const alike: number[] = [];
    for (let from = 0; from < all.length; from += perCall) {
      const questions = await Promise.all(all.slice(from, from + perCall).map((one) => this.withAccess(one)));
      const share = questions.length / all.length;
      const found = await this.caller.call(calls.judgeModels, { serving, next, questions }, { lane: 'bulk' });
      for (const mean of means) sums[mean] += share * found[mean];
      alike.push(...found.alike);
    }
    const judged_alike = alike.reduce((sum, each) => sum + each / alike.length, 0);
    return { judged: all.length, ...sums, ...(alike.length > 0 && { judged_alike }) };
  }

  /** As somebody who may read whatever answers it. */
  private async withAccess(question: JudgedQuestion): Promise<JudgedQuestion & { access: string[] }> {
    const { tenant, relevant } = question;
    const lists = await Promise.all(relevant.map((document) => this.access.of({ tenant, document })));
    return { ...question, access: [...new Set(lists.flat())] };
  }
}
