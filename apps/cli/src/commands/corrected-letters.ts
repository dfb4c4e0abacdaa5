import { routes, type Correction, type replayAnswer } from '@millrace/contracts';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import { ApiError, UsageError } from '../errors.ts';
import { count } from '../output/printable.ts';
import { checkCorrections, readCorrections } from './correction-file.ts';

type Answer = z.infer<typeof replayAnswer>;

/**
 * Sends what `dlq --save` wrote and somebody has put right, in requests of moderate size. All are looked at before the first
 * is sent: throws `UsageError` that names the line which is refused.
 */
export async function sendCorrected(context: Context, path: string, isDryRun: boolean): Promise<Answer> {
  const lineOf = await checkCorrections(path);
  const looked = await send(context, readCorrections(path), true).catch((error: unknown) => {
    throw refusedLine(error, path, lineOf);
  });
  const answer = isDryRun ? looked : await send(context, readCorrections(path), false);
  const { gone = [] } = answer;
  if (gone.length > 0)
    context.output.note(`${count(gone.length, 'line')} of letters that are not there any more.`);
  return answer;
}

async function send(
  { client, output }: Context,
  corrections: AsyncIterable<Correction>,
  isDryRun: boolean,
): Promise<Answer> {
  const answers: Answer[] = [];
  const replayed = () => answers.flatMap((answer) => answer.replayed);
  for await (const some of batches(corrections))
    answers.push(
      await client
        .call(routes.replay, { body: { corrections: some, dry_run: isDryRun } })
        .catch((error: unknown) => {
          if (!isDryRun) output.note(told(replayed()));
          throw error;
        }),
    );
  return { ...answers[0]!, replayed: replayed(), gone: answers.flatMap(({ gone = [] }) => gone) };
}

const told = (replayed: readonly string[]): string =>
  [
    ...replayed,
    `${count(replayed.length, 'dead letter')} replayed before that. Replay the file again to go on.`,
  ].join('\n');

/** The server names the letter. */
function refusedLine(error: unknown, path: string, lineOf: ReadonlyMap<string, number>): unknown {
  if (!(error instanceof ApiError)) return error;
  const named = [...lineOf].find(([id]) => error.message.includes(id));
  if (!named) return error;
  return new UsageError(`${path}: nothing was sent.\nline ${named[1]}: ${error.message}`);
}

const [mostAtOnce, mostCharacters] = [100, 4_000_000];

async function* batches(corrections: AsyncIterable<Correction>): AsyncGenerator<Correction[]> {
  let [batch, characters]: [Correction[], number] = [[], 0];
  for await (const one of corrections) {
    const size = JSON.stringify(one).length;
    if (batch.length > 0 && (batch.length === mostAtOnce || characters + size > mostCharacters)) {
      yield batch;
      [batch, characters] = [[], 0];
    }
    batch.push(one);
    characters += size;
  }
  if (batch.length > 0) yield batch;
}
