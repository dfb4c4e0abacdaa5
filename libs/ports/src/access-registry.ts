import type { Principal } from '@millrace/contracts';
import type { NewAuditEntry } from './audit-registry.ts';

/** Tenants and keys. Secrets are kept as SHA-256 only. What changes nothing leaves no audit entry. */
export interface AccessRegistry {
  createTenant(name: string, at: number, audit: NewAuditEntry): Promise<boolean>;
  tenants(): Promise<{ name: string; createdAt: number }[]>;
  createKey(key: NewKey, audit: NewAuditEntry): Promise<void>;
  /** Without the hash. */
  keys(tenant?: string): Promise<KeyRecord[]>;
  revokeKey(id: string, audit: NewAuditEntry): Promise<boolean>;
  /** With the id of the key. */
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
