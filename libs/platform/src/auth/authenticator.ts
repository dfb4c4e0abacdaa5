import { createHash, timingSafeEqual } from 'node:crypto';
import { calls, MillraceError, type Principal } from '@millrace/contracts';
import type { Caller } from '../messaging/caller.ts';
import type { KnownKeys } from './known-keys.ts';

export interface AuthenticatorOptions {
  /** May do everything, as `user:admin` of tenant `default`. */
  readonly adminKey: string | undefined;
  /** True: a request without a Millrace key is the owner of this machine. */
  readonly open: boolean;
}

const rights: Principal['rights'] = ['read', 'write', 'admin'];
const owner: Principal = { tenant: 'default', name: 'user:owner', groups: [], rights };
const admin: Principal = { tenant: 'default', name: 'user:admin', groups: [], rights };

/** Keys begin so; in open mode any other bearer text (OpenAI clients insist on one) is not taken for a key. */
export const keyPrefix = 'mr_';

/** Reads who asks from `Authorization: Bearer`. */
export class Authenticator {
  constructor(
    private readonly caller: Caller,
    private readonly known: KnownKeys,
    private readonly options: AuthenticatorOptions,
  ) {}

  async identify(authorization: string | undefined): Promise<Principal> {
    const key = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
    if (key && this.isAdminKey(key)) return admin;
    if (this.options.open && !key?.startsWith(keyPrefix)) return owner;
    const principal = key ? await this.lookUp(hashKey(key)) : null;
    if (!principal) throw new MillraceError('unauthenticated');
    return principal;
  }

  private isAdminKey(key: string): boolean {
    const { adminKey } = this.options;
    if (!adminKey) return false;
    return timingSafeEqual(Buffer.from(hashKey(key)), Buffer.from(hashKey(adminKey)));
  }

  private lookUp(keyHash: string): Promise<Principal | null> {
    return this.known.get(keyHash, async () => {
      const { principal } = await this.caller.call(calls.authenticate, { keyHash });
      return principal;
    });
  }
}

/** What the registry keeps instead of a key: SHA-256, hex. Keys are 256 random bits, so no salt or stretching is needed. */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');
