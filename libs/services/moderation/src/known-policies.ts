import { Inject, Injectable } from '@nestjs/common';
import { calls, MillraceError, type StatedPolicy } from '@millrace/contracts';
import { Caller, LastKnown } from '@millrace/platform';

/** A chat waits for it: so long at most while control does not answer, and then goes on with what it said last. */
const timeoutMs = 500;

/** The policies of tenants, as control said within two seconds; or, while it cannot be asked, as it said last. */
@Injectable()
export class KnownPolicies {
  private readonly known: LastKnown<StatedPolicy>;

  constructor(@Inject(Caller) caller: Caller) {
    this.known = new LastKnown((tenant) => caller.call(calls.tenantModeration, { tenant }, { timeoutMs }));
  }

  /**
   * Rejects with `policy_unavailable` where control cannot be asked and never was of this tenant: to go on without would be
   * to let out what the tenant may have forbidden, its word on failures included.
   */
  async of(tenant: string): Promise<StatedPolicy> {
    try {
      return await this.known.of(tenant);
    } catch (cause) {
      throw new MillraceError('policy_unavailable', { cause });
    }
  }
}
