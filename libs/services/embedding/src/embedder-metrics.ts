import { Inject, Injectable } from '@nestjs/common';
import { observeCounter, observeGauge } from '@millrace/platform';
import { EMBEDDERS, type Embedders, type EmbedderState } from '@millrace/ports';

/** A metric's name -> what it says, and where that is read. */
const gauges: Readonly<Record<string, readonly [string, (state: EmbedderState) => number]>> = {
  millrace_embedder_loaded: [
    'Whether the processes of an embedding model run, or are being started.',
    ({ loaded }) => Number(loaded),
  ],
  millrace_embedder_workers: ['Processes of an embedding model that are ready.', ({ workers }) => workers],
  millrace_embedder_memory_bytes: [
    'Resident memory of the processes of an embedding model, as they said last.',
    ({ bytes }) => bytes,
  ],
  millrace_embedder_waiting_tokens: [
    'Tokens waiting for a process of an embedding model.',
    ({ waitingTokens }) => waitingTokens,
  ],
};

const counters: typeof gauges = {
  millrace_embedder_requests_total: [
    'Requests that an embedding model was asked to embed.',
    ({ requests }) => requests,
  ],
  millrace_embedder_loads_total: ['Times that an embedding model was loaded.', ({ loads }) => loads],
  millrace_embedder_unloads_total: [
    'Times that an embedding model was let go, evictions included.',
    ({ unloads }) => unloads,
  ],
  millrace_embedder_evictions_total: [
    'Times that an embedding model was let go for the sake of another.',
    ({ evictions }) => evictions,
  ],
  millrace_embedder_recycles_total: [
    'Processes of an embedding model that were replaced because they had grown, since it was loaded.',
    ({ recycles }) => recycles,
  ],
};

/** The figures of each embedding model, by its catalogue name. */
@Injectable()
export class EmbedderMetrics {
  constructor(@Inject(EMBEDDERS) embedders: Embedders) {
    for (const [kind, observe] of [
      [gauges, observeGauge],
      [counters, observeCounter],
    ] as const)
      for (const [name, [description, read]] of Object.entries(kind))
        observe(name, description, async () =>
          (await embedders.list()).map((state) => [read(state), { model: state.model.name }]),
        );
  }
}
