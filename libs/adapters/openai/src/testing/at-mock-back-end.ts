import { MillraceError } from '@millrace/contracts';
import type { GenerationPart } from '@millrace/ports';
import { answerWith, MockBackEnd } from '@millrace/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { OpenAiGenerator, type OpenAiOptions } from '../openai-generator.ts';

export const secret = 'sk-test-1234567890';
export const question = { model: undefined, messages: [{ role: 'user', content: 'hi' }], parameters: {} };

/** A generator before a mock back end, both anew for each test. */
export class AtMockBackEnd {
  backEnd!: MockBackEnd;
  url!: string;
  generator!: OpenAiGenerator;

  constructor() {
    beforeEach(async () => {
      this.backEnd = new MockBackEnd(answerWith(404));
      this.url = await this.backEnd.listen();
      this.generator = this.connect();
    });
    afterEach(async () => {
      await this.generator.close();
      await this.backEnd.close();
    });
  }

  connect(options: Partial<OpenAiOptions> = {}): OpenAiGenerator {
    return new OpenAiGenerator({ baseUrl: this.url, apiKey: secret, model: 'mock', ...options });
  }

  collect(from = this.generator, signal = new AbortController().signal): Promise<Collected> {
    return collect(from, signal);
  }
}

export interface Collected {
  readonly parts: GenerationPart[];
  /** Of the choice that was asked for. */
  readonly text: string;
  readonly error?: MillraceError;
}

export async function collect(
  generator: OpenAiGenerator,
  signal: AbortSignal,
  model?: string,
): Promise<Collected> {
  const parts: GenerationPart[] = [];
  const text = () =>
    parts
      .map((part) => (part.type === 'delta' && part.choice === 0 ? (part.delta.content ?? '') : ''))
      .join('');
  try {
    for await (const part of generator.generate({ ...question, model }, signal)) parts.push(part);
    return { parts, text: text() };
  } catch (error) {
    expect(error).toBeInstanceOf(MillraceError);
    return { parts, text: text(), error: error as MillraceError };
  }
}
