import type { Principal } from '@millrace/contracts';
import { Remembered } from '../messaging/remembered.ts';

/** Who a key is; null: nobody. A revoked key ends at once in the process that revokes it, in others when it is asked for again. */
export class KnownKeys extends Remembered<Principal | null> {}
