import { MillraceError } from '@millrace/contracts';
import type { BackEnd, GenerationPart, GenerationRequest } from '@millrace/ports';
import { setTimeout as pause } from 'node:timers/promises';

type Step = string | MillraceError | number;

/** A back end that says these words; a number is waited for, in milliseconds. */
export class Played implements BackEnd {
  weight: number;
  readonly requests: GenerationRequest[] = [];
  stopped = 0;
  script: Step[];
  readonly generator;

  constructor(
    readonly name: string,
    ...script: Step[]
  ) {
    this.script = script;
    // The first that is made is asked first.
    this.weight = name === 'a' ? 1 : 0;
    this.generator = {
      name,
      models: async () => ['m', name],
      healthy: async () => true,
      generate: (request: GenerationRequest, signal: AbortSignal, onTaken?: () => void) =>
        this.generate(request, signal, onTaken),
    };
  }

  private async *generate(
    request: GenerationRequest,
    signal: AbortSignal,
    onTaken?: () => void,
  ): AsyncGenerator<GenerationPart> {
    this.requests.push(request);
    const onAbort = () => (this.stopped += 1);
    signal.addEventListener('abort', onAbort);
    try {
      onTaken?.();
      yield { type: 'start', model: this.name };
      for (const step of this.script) {
        if (step instanceof MillraceError) throw step;
        if (typeof step === 'number')
          await pause(step, undefined, { signal }).catch(() => signal.throwIfAborted());
        else yield { type: 'delta', choice: 0, delta: { content: step } };
      }
      yield { type: 'end', finishReasons: ['stop'] };
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }
}
