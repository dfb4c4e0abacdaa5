import { env, InferenceSession } from 'onnxruntime-node';

export type Provider = 'cuda' | 'cpu';

export interface OpenedSession {
  readonly session: InferenceSession;
  /** The execution provider that made the trial run. */
  readonly provider: Provider;
}

/**
 * Opens a model, a file or its content, which may be another for each provider, on the first provider that a real run succeeds on. ONNX Runtime does not fall back by itself:
 * asked for CUDA without its libraries it throws. One thread and no spinning, because parallelism comes from
 * several processes; no memory pattern, because every text has another length.
 */
export async function openSession(
  modelFor: (provider: Provider) => string | Promise<string | Uint8Array>,
  providers: readonly Provider[],
  trial: (session: InferenceSession) => Promise<unknown>,
): Promise<OpenedSession> {
  env.logLevel = 'fatal'; // a provider that is not there would be reported in red on every start
  let failure: unknown;
  for (const provider of providers) {
    try {
      const session = await create(await modelFor(provider), sessionOptions(provider));
      await trial(session);
      return { session, provider };
    } catch (error) {
      failure = error;
    }
  }
  throw new Error(`the model runs on none of ${providers.join(', ')}`, { cause: failure });
}

const create = (model: string | Uint8Array, options: InferenceSession.SessionOptions) =>
  typeof model === 'string'
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options);

const sessionOptions = (provider: Provider): InferenceSession.SessionOptions => ({
  executionProviders: [provider],
  graphOptimizationLevel: 'all',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  enableMemPattern: false,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
});
