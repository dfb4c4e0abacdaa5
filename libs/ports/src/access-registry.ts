import type { Principal } from '@millrace/contracts';

/** Tenants and keys. Secrets are kept as SHA-256 only. */
export interface AccessRegistry {
  createTenant(name: string, at: number): Promise<boolean>;
  tenants(): Promise<{ name: string; createdAt: number }[]>;
  createKey(key: NewKey): Promise<void>;
  /** Without the hash. */
  keys(tenant?: string): Promise<KeyRecord[]>;
  revokeKey(id: string): Promise<boolean>;
  findKey(hash: string): Promise<Principal | undefined>;
}

export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly principal: Principal;
  readonly createdAt: number;
}
export interface NewKey extends KeyRecord {
  readonly hash: string;
}
