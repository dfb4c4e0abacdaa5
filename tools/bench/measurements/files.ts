import type { ChatCompletion, Citation } from '@millrace/contracts';
import { extname } from 'node:path';
import { Client } from '../client.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { pushFolder, type Ending } from '../push-folder.ts';
import { withServer } from '../server.ts';
import { needsSharedData } from '../shared-data.ts';

const handbook = 'documents/keda-docs';
const folders = [handbook, 'documents/multiformat', 'documents/pdf'];

export const files: Measurement = {
  name: 'files',
  summary: 'real folders pushed with the CLI: how every file ends, by format; ten questions about a handbook',
  unavailable: () => needsSharedData(...folders),
  run: (context) =>
    withServer({}, async ({ url }) => {
      const cases: Case[] = [];
      for (const folder of folders) {
        context.note(`pushing ${folder}`);
        cases.push(...endings(folder, await pushFolder(url, folder, context.signal)));
        if (folder === handbook) cases.push(...(await askAll(new Client(url, context.signal), context)));
      }
      return cases;
    }),
};

/** Files by format and ending, and that none is without one. */
function endings(folder: string, documents: readonly Ending[]): Case[] {
  const name = folder.replace('documents/', '');
  const final = documents.filter(
    ({ state }) => ['indexed', 'unchanged'].includes(state) || isExplained(state),
  );
  const formats = Map.groupBy(
    documents,
    ({ path }) => extname(path).slice(1).toLowerCase() || 'no extension',
  );
  return [
    withGoal(
      {
        case: `${name}: without a final state`,
        value: documents.length - final.length,
        unit: 'files',
        n: documents.length,
      },
      { sense: '<=', limit: 0 },
    ),
    ...[...formats]
      .sort()
      .flatMap(([format, own]) =>
        [...Map.groupBy(own, ending)]
          .sort()
          .map(([how, { length }]) =>
            withoutGoal({ case: `${name}, ${format}: ${how}`, value: length, unit: 'files', n: own.length }),
          ),
      ),
  ];
}

const isExplained = (state: string): boolean => state === 'dead-lettered' || state === 'refused';

const ending = ({ state, reason }: Ending): string =>
  isExplained(state) ? `${state} (${reason?.code ?? 'no reason'})` : 'indexed';

/** Questions about KEDA, each with a text that only a right answer holds. Chosen from the pages before they were asked. */
const questions: readonly (readonly [question: string, answer: string])[] = [
  ['How often does KEDA check each trigger by default?', '30 seconds'],
  ['How long does KEDA wait before it scales a resource back to 0 after the last trigger was active?', '300'],
  ['Which Kubernetes version does KEDA require?', '1.30'],
  ['Which scalers do not support caching metrics?', '`cpu`, `memory` or `cron`'],
  ['How do I pause autoscaling with the current number of replicas?', 'autoscaling.keda.sh/paused'],
  ['What is the name of the HPA resource that KEDA creates?', 'keda-hpa-'],
  ['What must a custom resource define so that KEDA can scale it?', '/scale'],
  ['What happens to the replica count when a ScaledObject is deleted?', 'same number as it is in the moment'],
  ['On which port does the KEDA operator expose Prometheus metrics?', '8080'],
  ['How do I install KEDA with Helm?', 'helm install keda kedacore/keda'],
];

async function askAll(client: Client, { note }: BenchContext): Promise<Case[]> {
  let answered = 0;
  let cited = 0;
  for (const [question, answer] of questions) {
    const completion = await client.json<ChatCompletion>('POST', '/v1/chat/completions', {
      messages: [{ role: 'user', content: question }],
    });
    const message = completion.choices[0]?.message;
    const holds = message?.content?.includes(answer) ?? false;
    const cites = (await citedTexts(client, message?.annotations ?? [])).some((text) =>
      text.includes(answer),
    );
    if (holds) answered += 1;
    if (holds && cites) cited += 1;
    else note(`not in the ${holds ? 'citations' : 'answer'}: ${question}`);
  }
  const figure = { unit: 'questions', n: questions.length };
  return [
    withoutGoal({ case: 'keda-docs: the answer holds what was asked for', value: answered, ...figure }),
    withGoal(
      { case: '... and so does the text that it cites', value: cited, ...figure },
      { sense: '>=', limit: questions.length },
    ),
  ];
}

/** The passages themselves, cut out of the documents where the citations point. */
function citedTexts(client: Client, annotations: readonly Citation[]): Promise<string[]> {
  return Promise.all(
    annotations.map(async ({ document_id, start, end }) =>
      (await client.content(document_id)).slice(start, end),
    ),
  );
}
