import { Controller, Inject } from '@nestjs/common';
import { MillraceError, routes, type embeddingResponse } from '@millrace/contracts';
import { HandleRoute, Reply, type RouteRequest } from '@millrace/platform';
import { EMBEDDER, type Embedder } from '@millrace/ports';
import type { z } from 'zod';
import { toBytes } from './vector-bytes.ts';

type Answer = z.infer<typeof embeddingResponse>;

/**
 * OpenAI's embeddings. Tokens are counted whether or not a vector was known, so this route goes past the cache; and it takes
 * turns with the tenant's own documents, or a request would wait for all of them.
 */
@Controller()
export class EmbeddingsController {
  constructor(@Inject(EMBEDDER) private readonly embedder: Embedder) {}

  @HandleRoute(routes.embeddings)
  async create({ body, principal, signal }: RouteRequest<typeof routes.embeddings>): Promise<Reply> {
    const { model, dimensions, input, input_type: kind, encoding_format: format } = body;
    this.refuseUnfit(model, dimensions);
    const texts = textsOf(input);
    const { vectors, tokens, millis } = await this.embedder.embed(texts, {
      kind,
      lane: isBulk(texts, kind) ? 'bulk' : 'interactive',
      group: `${principal.tenant}/api`,
      signal,
    });
    const data = vectors.map((vector, index) => ({
      object: 'embedding' as const,
      index,
      embedding: format === 'base64' ? Buffer.from(toBytes([vector])).toString('base64') : [...vector],
    }));
    const usage = { prompt_tokens: tokens, total_tokens: tokens };
    const answer: Answer = { object: 'list', data, model, usage };
    return new Reply(answer, { headers: timings(millis) });
  }

  private refuseUnfit(model: string, dimensions: number | undefined): void {
    const own = this.embedder.model;
    if (model !== own.name)
      throw new MillraceError('model_not_found', {
        param: 'model',
        detail: `this server embeds with ${own.name}`,
      });
    if (dimensions !== undefined && dimensions !== own.dims)
      throw new MillraceError('unsupported_parameter', {
        param: 'dimensions',
        detail: `${own.name} has ${own.dims}`,
      });
  }
}

function textsOf(input: RouteRequest<typeof routes.embeddings>['body']['input']): readonly string[] {
  if (typeof input === 'string') return [input];
  if (input.every((item) => typeof item === 'string')) return input;
  throw new MillraceError('unsupported_parameter', {
    param: 'input',
    detail: 'send texts; token ids belong to another tokenizer',
  });
}

/** Questions come one by one, and their senders wait; lists are for an index. A list of questions is told by its type. */
const isBulk = (texts: readonly string[], kind: 'query' | 'passage'): boolean =>
  kind === 'passage' && texts.length > 1;

const timings = (millis: Readonly<Record<string, number>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(millis).map(([stage, value]) => [`x-millrace-${stage}-ms`, value.toFixed(2)]),
  );
