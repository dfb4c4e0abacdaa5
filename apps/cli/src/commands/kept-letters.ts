import type { replayAnswer } from '@millrace/contracts';
import type { z } from 'zod';
import type { Output } from '../output/output.ts';

type Kept = NonNullable<z.infer<typeof replayAnswer>['kept']>[number];

/** Of what was asked for and not sent. */
export function tellOfKept(output: Output, kept: readonly Kept[]): void {
  const stay = kept.filter(({ why }) => why !== 'gone');
  const gone = kept.filter(({ why }) => why === 'gone');
  if (stay.length > 0)
    output.note(`Cannot be sent as they are, to be corrected (dlq --save): ${listed(stay)}`);
  if (gone.length > 0) output.note(`Sent or erased meanwhile: ${listed(gone)}`);
}

const mostShown = 20;

function listed(kept: readonly Kept[]): string {
  const more = kept.length > mostShown ? [`and ${kept.length - mostShown} more`] : [];
  return [...kept.slice(0, mostShown).map(shown), ...more].join(', ');
}

const shown = ({ id, why }: Kept): string => `${id}${reasons[why]}`;

const reasons: Readonly<Record<Kept['why'], string>> = {
  too_long: ' (too long)',
  no_message: ' (its message was too long to be kept)',
  unknown_topic: ' (there is no such topic)',
  gone: '',
};
