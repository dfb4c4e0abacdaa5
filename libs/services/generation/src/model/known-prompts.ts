import { Inject, Injectable } from '@nestjs/common';
import { calls, MillraceError, type StatedPrompt } from '@millrace/contracts';
import { Caller, LastKnown } from '@millrace/platform';

/** A chat waits for it: so long at most while control does not answer, and then goes on with what it said last. */
const timeoutMs = 500;

/** What a language model is told for tenants, as control said within two seconds; or, while it cannot be asked, as it said last. */
@Injectable()
export class KnownPrompts {
  private readonly known: LastKnown<StatedPrompt>;

  constructor(@Inject(Caller) caller: Caller) {
    this.known = new LastKnown((tenant) => caller.call(calls.tenantPrompt, { tenant }, { timeoutMs }));
  }

  /** Rejects with `prompt_unavailable` where control cannot be asked and never was of this tenant: its word may bind the model. */
  async of(tenant: string): Promise<StatedPrompt> {
    try {
      return await this.known.of(tenant);
    } catch (cause) {
      throw new MillraceError('prompt_unavailable', { cause });
    }
  }
}
