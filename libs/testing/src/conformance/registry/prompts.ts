import type { StoredPrompt } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';

export function promptChecks(open: () => Desk): void {
  describe('prompts', () => {
    const prompt = (version: string, at: number): StoredPrompt => ({
      ...{ version, at },
      prompt: { instructions: `Answer as ${version} says.` },
    });

    it('are none until one is set, and the last that was set counts, each tenant its own', async () => {
      const [desk, other] = [open(), open()];
      const { prompts } = desk.registry;
      expect(await prompts.current(desk.tenant)).toBeUndefined();
      await prompts.set(desk.tenant, prompt('one', 1_000), desk.entry());
      await prompts.set(other.tenant, prompt('others', 1_500), other.entry());
      await prompts.set(desk.tenant, prompt('two', 2_000), desk.entry());
      expect(await prompts.current(desk.tenant)).toEqual(prompt('two', 2_000));
      expect(await prompts.current(other.tenant)).toEqual(prompt('others', 1_500));
    });

    it('keep each version once, the last that was set first, whatever the clock says', async () => {
      const desk = open();
      const {
        registry: { prompts },
        tenant,
      } = desk;
      for (const [version, at] of [
        ['one', 3_000],
        ['two', 2_000],
        ['one', 1_000],
      ] as const)
        await prompts.set(tenant, prompt(version, at), desk.entry());
      expect(await prompts.versions(tenant)).toEqual([prompt('one', 1_000), prompt('two', 2_000)]);
    });

    it('keep the last fifty', async () => {
      const desk = open();
      const {
        registry: { prompts },
        tenant,
      } = desk;
      for (let n = 1; n <= 52; n++) await prompts.set(tenant, prompt(`v${n}`, n), desk.entry());
      const versions = await prompts.versions(tenant);
      expect([versions.length, versions[0]?.version, versions.at(-1)?.version]).toEqual([50, 'v52', 'v3']);
    });

    it('have one that counts when several set theirs at once', async () => {
      const desk = open();
      const { registry, tenant } = desk;
      const names = ['a', 'b', 'c', 'd', 'e', 'f'];
      await Promise.all(
        names.map((name, at) => registry.prompts.set(tenant, prompt(name, at), desk.entry())),
      );
      const versions = await registry.prompts.versions(tenant);
      expect(versions.map(({ version }) => version).sort()).toEqual(names);
      expect(await registry.prompts.current(tenant)).toEqual(versions[0]);
    });
  });
}
