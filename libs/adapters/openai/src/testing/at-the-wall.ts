import type { ServerResponse } from 'node:http';
import { MillraceError } from '@millrace/contracts';
import type { GenerationPart } from '@millrace/ports';
import { afterEach, beforeEach, expect } from 'vitest';
import { FaultWall, streamHead, type Play } from '../fault-wall.ts';
import { OpenAiGenerator, type OpenAiOptions } from '../openai-generator.ts';

export const secret = 'sk-test-1234567890';
export const question = { model: undefined, messages: [{ role: 'user', content: 'hi' }], parameters: {} };

/** A generator before a wall of faults, both anew for each test. */
export class AtTheWall {
  wall!: FaultWall;
  url!: string;
  generator!: OpenAiGenerator;

  constructor() {
    beforeEach(async () => {
      this.wall = new FaultWall((response) => response.writeHead(404).end());
      this.url = await this.wall.listen();
      this.generator = this.connect();
    });
    afterEach(async () => {
      await this.generator.close();
      await this.wall.close();
    });
  }

  connect(options: Partial<OpenAiOptions> = {}): OpenAiGenerator {
    return new OpenAiGenerator({ baseUrl: this.url, apiKey: secret, model: 'mock', ...options });
  }

  async collect(
    from = this.generator,
    signal = new AbortController().signal,
  ): Promise<{ parts: GenerationPart[]; text: string; error?: MillraceError }> {
    const parts: GenerationPart[] = [];
    const text = () =>
      parts.map((part) => (part.type === 'delta' ? (part.delta.content ?? '') : '')).join('');
    try {
      for await (const part of from.generate(question, signal)) parts.push(part);
      return { parts, text: text() };
    } catch (error) {
      expect(error).toBeInstanceOf(MillraceError);
      return { parts, text: text(), error: error as MillraceError };
    }
  }
}

export const stream =
  (...events: readonly string[]): Play =>
  (response) =>
    streamHead(response).end(events.join(''));

export async function write(response: ServerResponse, bytes: Uint8Array | string): Promise<void> {
  await new Promise<void>((resolve) => response.write(bytes, () => resolve()));
}
