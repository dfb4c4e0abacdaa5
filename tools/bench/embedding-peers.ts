import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';

/** Someone else's embedding on the same file. */
export interface EmbeddingPeer {
  readonly name: string;
  /** Whether it is as it comes, or set up as well as it can be. */
  readonly tuned: boolean;
  /** Resolves with the seconds that embedding all of them took. */
  readonly embedAll: (texts: readonly string[]) => Promise<number>;
  readonly close: () => Promise<void>;
}

const python = resolve('.millrace/peers/fastembed/bin/python');

/** What to do to have it measured; undefined where it is there. */
export const lacksFastembed = (): string | undefined =>
  existsSync(python) ? undefined : 'fastembed: tools/bench/peers/README.md says how it is installed';

/**
 * fastembed as it comes and tuned, on so many threads.
 * @param file the model as it was published
 */
export async function fastembedPeers(file: string, threads: number): Promise<EmbeddingPeer[]> {
  const folder = await modelFolder(file);
  const asItComes = await FastembedProcess.start(folder, threads, 0);
  const tuned = await Promise.all(
    Array.from({ length: threads }, () => FastembedProcess.start(folder, 1, 1)),
  );
  const sharedOut = async (texts: readonly string[]): Promise<number> => {
    const began = performance.now();
    await Promise.all(
      tuned.map((process, at) => process.embed(texts.filter((_, n) => n % tuned.length === at))),
    );
    return (performance.now() - began) / 1000;
  };
  return [
    {
      ...{ name: 'fastembed as it comes', tuned: false },
      embedAll: (texts) => asItComes.embed(texts),
      close: () => asItComes.close(),
    },
    {
      ...{ name: 'fastembed tuned', tuned: true },
      embedAll: sharedOut,
      close: async () => {
        await Promise.all(tuned.map((process) => process.close()));
        await rm(folder, { recursive: true, force: true });
      },
    },
  ];
}

class FastembedProcess {
  private readonly lines: NodeJS.AsyncIterator<string>;

  private constructor(private readonly child: ChildProcess) {
    this.lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  static async start(folder: string, threads: number, batch: number): Promise<FastembedProcess> {
    const script = resolve('tools/bench/peers/fastembed_peer.py');
    const args = [script, folder, String(threads), String(batch)];
    const peer = new FastembedProcess(spawn(python, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
    await peer.line();
    return peer;
  }

  async embed(texts: readonly string[]): Promise<number> {
    this.child.stdin!.write(`${JSON.stringify(texts)}\n`);
    return Number(await this.line());
  }

  async close(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.stdin!.end();
    await ended;
  }

  private async line(): Promise<string> {
    const { done, value } = await this.lines.next();
    if (done) throw new Error('fastembed ended; what it said is above');
    return value;
  }
}

/** A folder as the hub has them: the graph, the tokenizer, and what a reader must know of both. */
export async function modelFolder(file: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-peer-'));
  await symlink(file, join(folder, 'model.onnx'));
  await copyFile(resolve('libs/text/assets/bert-uncased.tokenizer.json'), join(folder, 'tokenizer.json'));
  for (const [name, content] of Object.entries(descriptions))
    await writeFile(join(folder, name), JSON.stringify(content));
  return folder;
}

const tokens = {
  pad_token: '[PAD]',
  unk_token: '[UNK]',
  cls_token: '[CLS]',
  sep_token: '[SEP]',
  mask_token: '[MASK]',
};

/** From the card of sentence-transformers/all-MiniLM-L6-v2, but for the length, which is the graph's. */
const descriptions = {
  'config.json': {
    ...{ model_type: 'bert', architectures: ['BertModel'], hidden_act: 'gelu', type_vocab_size: 2 },
    ...{ hidden_size: 384, num_hidden_layers: 6, num_attention_heads: 12, intermediate_size: 1536 },
    ...{ vocab_size: 30_522, max_position_embeddings: 512, pad_token_id: 0 },
  },
  'tokenizer_config.json': {
    ...{ tokenizer_class: 'BertTokenizer', do_lower_case: true, model_max_length: 512 },
    ...tokens,
  },
  'special_tokens_map.json': tokens,
};
