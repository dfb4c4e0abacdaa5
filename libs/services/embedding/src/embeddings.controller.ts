import { Controller, Inject } from '@nestjs/common';
import { routes, type embeddingResponse } from '@millrace/contracts';
import { HandleRoute, Reply, type RouteRequest } from '@millrace/platform';
import { EMBEDDERS, type Embedded, type Embedders, type EmbedInput } from '@millrace/ports';
import type { z } from 'zod';
import { QueryLane } from './query-lane.ts';
import { dimensionsOf, shorten } from './shorten.ts';
import { toBytes } from './vector-bytes.ts';

type Answer = z.infer<typeof embeddingResponse>;
type Asked = RouteRequest<typeof routes.embeddings>['body'];

/**
 * OpenAI's embeddings, by every embedding model that is there. Tokens are counted whether or not a vector was known, so
 * this route goes past the cache; and it takes turns with the tenant's own documents, or a request would wait for all of
 * them.
 */
@Controller()
export class EmbeddingsController {
  constructor(
    @Inject(EMBEDDERS) private readonly embedders: Embedders,
    @Inject(QueryLane) private readonly queryLane: QueryLane,
  ) {}

  @HandleRoute(routes.embeddings)
  async create({ body, principal, signal }: RouteRequest<typeof routes.embeddings>): Promise<Reply> {
    const { model, dimensions, input, input_type: kind, encoding_format: format } = body;
    const embedder = await this.embedders.get(model);
    const dims = dimensionsOf(embedder.model, dimensions ?? undefined);
    const inputs = inputsOf(input);
    const { tenant } = principal;
    const embedded = await this.queryLane.embed({ embedder, inputs, kind, tenant }, (lane) =>
      embedder.embed(inputs, { kind, lane, group: `${tenant}/api`, signal }),
    );
    const data = embedded.vectors.map((vector, index) => ({
      object: 'embedding' as const,
      index,
      embedding: encode(shorten(vector, dims), format),
    }));
    const usage = { prompt_tokens: embedded.tokens, total_tokens: embedded.tokens };
    const answer: Answer = { object: 'list', data, model, usage };
    return new Reply(answer, { headers: particulars(embedded) });
  }
}

function inputsOf(input: Asked['input']): readonly EmbedInput[] {
  if (typeof input === 'string') return [input];
  return isTokens(input) ? [input] : input;
}

const isTokens = (input: Exclude<Asked['input'], string>): input is number[] => typeof input[0] === 'number';

const encode = (vector: Float32Array, format: Asked['encoding_format']): string | number[] =>
  format === 'base64' ? Buffer.from(toBytes([vector])).toString('base64') : [...vector];

/** What the vectors are of, and where the time went. */
const particulars = ({ model, millis }: Embedded): Record<string, string> => ({
  'x-millrace-fingerprint': model.fingerprint,
  ...Object.fromEntries(
    Object.entries(millis).map(([stage, value]) => [`x-millrace-${stage}-ms`, value.toFixed(2)]),
  ),
});
