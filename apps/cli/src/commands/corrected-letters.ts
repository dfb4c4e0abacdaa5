import { routes, type Correction, type replayAnswer } from '@millrace/contracts';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import { ApiError, UsageError } from '../errors.ts';
import { count } from '../output/printable.ts';
import { checkCorrections, mostShown, notRightYet, readCorrections } from './correction-file.ts';

type Answer = z.infer<typeof replayAnswer>;
type Client = Context['client'];
type Lines = ReadonlyMap<string, number>;

/**
 * Sends what `dlq --save` wrote and somebody has put right, in requests of moderate size. All are looked at before the first
 * is sent: throws `UsageError` that names the lines which are refused.
 */
export async function sendCorrected(context: Context, path: string, isDryRun: boolean): Promise<Answer> {
  const lineOf = await checkCorrections(path);
  const looked = await look(context.client, path, lineOf);
  const answer = isDryRun ? looked : await send(context, readCorrections(path, lineOf));
  const { gone = [] } = answer;
  if (gone.length > 0)
    context.output.note(`${count(gone.length, 'line')} of letters that are not there any more.`);
  return answer;
}

async function look(client: Client, path: string, lineOf: Lines): Promise<Answer> {
  const answers: Answer[] = [];
  const refused: string[] = [];
  for await (const some of batches(readCorrections(path, lineOf)))
    try {
      answers.push(await ask(client, some, true));
    } catch (error) {
      const lines = isRefusal(error) ? await refusedAmong(client, some, lineOf) : [];
      if (lines.length === 0) throw error;
      refused.push(...lines);
      if (refused.length >= mostShown) break;
    }
  if (refused.length > 0) throw new UsageError(notRightYet(path, refused));
  return together(answers);
}

/** Each by itself: of several that are wrong the server tells of one. */
async function refusedAmong(client: Client, some: readonly Correction[], lineOf: Lines): Promise<string[]> {
  const refused: string[] = [];
  for (const correction of some)
    try {
      await ask(client, [correction], true);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused.push(`line ${lineOf.get(correction.id)}: ${error.message}`);
    }
  return refused;
}

const isRefusal = (error: unknown): error is ApiError => error instanceof ApiError && error.status === 400;

async function send({ client, output }: Context, corrections: AsyncIterable<Correction>): Promise<Answer> {
  const answers: Answer[] = [];
  try {
    for await (const some of batches(corrections)) answers.push(await ask(client, some, false));
  } catch (error) {
    output.note(told(answers.flatMap(({ replayed }) => replayed)));
    throw error;
  }
  return together(answers);
}

const ask = (client: Client, corrections: readonly Correction[], dryRun: boolean): Promise<Answer> =>
  client.call(routes.replay, { body: { corrections: [...corrections], dry_run: dryRun } });

/** Of at least one. */
const together = (answers: readonly Answer[]) => ({
  ...answers[0]!,
  replayed: answers.flatMap(({ replayed }) => replayed),
  gone: answers.flatMap(({ gone = [] }) => gone),
});

const told = (replayed: readonly string[]): string =>
  [
    ...replayed,
    `${count(replayed.length, 'dead letter')} replayed before that. Replay the file again to go on.`,
  ].join('\n');

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
