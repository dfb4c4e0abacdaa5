import { describe, expect, it } from 'vitest';
import { calls, jobs } from '@millrace/contracts';
import type { DiscoveryService } from '@nestjs/core';
import { refuseMissing } from '../bootstrap/completeness.ts';
import { findHandlers } from './find-handlers.ts';
import { HandleCall, HandleJob } from './handlers.ts';

class Authority {
  @HandleCall(calls.authenticate)
  async authenticate() {
    return { principal: null };
  }
}
class Remover {
  readonly removed: unknown[] = [];
  @HandleJob(jobs.removeDocument)
  async remove(data: unknown): Promise<void> {
    this.removed.push(data);
  }
}

const discovering = (...instances: object[]) =>
  ({
    getProviders: () => instances.map((instance) => ({ instance })),
    getControllers: () => [],
  }) as unknown as DiscoveryService;

describe('findHandlers', () => {
  it('finds bound methods and runs them on their instance', async () => {
    const remover = new Remover();
    const [found] = findHandlers(discovering(remover));
    expect(found?.where).toBe('Remover.remove');
    await found?.run('data');
    expect(remover.removed).toEqual(['data']);
  });

  it('refuses two handlers for one call', () => {
    expect(() => findHandlers(discovering(new Authority(), new Authority()))).toThrow(
      /control.authenticate has two handlers/,
    );
  });
});

describe('refuseMissing', () => {
  it('names what a service owns and nobody handles', () => {
    const found = findHandlers(discovering(new Remover()));
    expect(() => refuseMissing(found, ['indexing'])).toThrow(/no handler for: .*job index-document/);
  });
});
