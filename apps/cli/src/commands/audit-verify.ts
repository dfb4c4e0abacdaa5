import { InvalidArgumentError, type Command } from 'commander';
import { routes, type AuditHead } from '@millrace/contracts';
import { ChainCheck, type Misfit } from '../audit/chain-check.ts';
import type { Context, ExitCode, Run } from '../context.ts';
import { count } from '../output/printable.ts';
import { collect } from './option-values.ts';

interface VerifyOptions {
  readonly tenant?: string;
  readonly head?: string[];
}

interface Verified {
  /** As far as they fit, for whoever keeps their hashes elsewhere. */
  readonly chains: (AuditHead & { readonly checked: number })[];
  readonly misfits: Misfit[];
  /** Noted hashes that no chain has. */
  readonly lost: string[];
}

const mostInPage = 1000;

const examples = `
Ends with 0 when all fits, with 1 and the first entry of each chain that does not fit otherwise.

Examples:
  $ millrace audit verify                        all chains that the key may see
  $ millrace audit verify --tenant acme --head 6e52865e…
                                                 and that nothing since a noted hash was cut off or written anew`;

export function addAuditVerify(audit: Command, run: Run): void {
  audit
    .command('verify')
    .description('read the chains from their beginning and recompute every hash')
    .option('--tenant <name>', 'only the chain of this tenant')
    .option(
      '--head <hash>',
      'a hash that was noted before, and must still be there (may be repeated)',
      hashes,
    )
    .addHelpText('after', examples)
    .action(
      run(async (context, options: VerifyOptions) => {
        const verified = await verify(context, options);
        context.output.result(verified, () => told(verified));
        return exitCodeOf(verified);
      }),
    );
}

async function verify(context: Context, { tenant, head: noted = [] }: VerifyOptions): Promise<Verified> {
  const wanted = new Set(noted);
  const verified: Verified = { chains: [], misfits: [], lost: [] };
  const query = tenant === undefined ? {} : { tenant };
  const heads = await context.client.call(routes.auditHeads, { query });
  for (const head of heads.data) {
    const check = await follow(context, head, wanted);
    if (check.misfit) verified.misfits.push(check.misfit);
    verified.chains.push({ ...head, checked: check.checked });
  }
  verified.lost.push(...wanted);
  return verified;
}

/** To its end, or to what does not fit. */
async function follow({ client }: Context, head: AuditHead, wanted: Set<string>): Promise<ChainCheck> {
  const check = new ChainCheck(head, wanted);
  for (let cursor: string | undefined; ;) {
    const query = { tenant: head.tenant, order: 'asc', limit: mostInPage } as const;
    const page = await client.call(routes.audit, { query: { ...query, ...(cursor && { cursor }) } });
    const fits = page.data.every((entry) => check.take(entry));
    cursor = page.next_cursor;
    if (!fits || cursor === undefined) break;
  }
  check.end();
  return check;
}

function told({ chains, misfits, lost }: Verified): string {
  const broken = new Set(misfits.map(({ tenant }) => tenant));
  return [
    ...chains
      .filter(({ tenant }) => !broken.has(tenant))
      .map(
        ({ tenant, checked, hash }) => `${tenant}: ${count(checked, 'entry', 'entries')} fit, head ${hash}`,
      ),
    ...misfits.map(({ tenant, sequence, why }) => `${tenant}: entry ${sequence} does not fit: ${why}`),
    ...lost.map((hash) => `No chain has ${hash}: entries were cut off or written anew since it was noted.`),
    ...(chains.length === 0 ? ['There is no entry yet.'] : []),
  ].join('\n');
}

const exitCodeOf = ({ misfits, lost }: Verified): ExitCode => (misfits.length + lost.length > 0 ? 1 : 0);

function hashes(text: string, before?: readonly string[]): string[] {
  if (!/^[\da-f]{64}$/.test(text)) throw new InvalidArgumentError('Write the whole hash, of 64 digits.');
  return collect(text, before);
}
