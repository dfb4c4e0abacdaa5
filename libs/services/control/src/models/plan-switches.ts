import { activeModels, type ModelPlan } from '@millrace/contracts';

/** A switch that waits says so for this long, and again when half of it is over: whoever dies meanwhile holds nothing up. */
const claimMs = 20_000;
/** Every replica goes by the plan by then. */
const agreedMs = 2_000;

type Switch = NonNullable<ModelPlan['switches']>[number];

/** Says that a switch to that model waits; undefined where the plan says so already. */
export function withClaim(plan: ModelPlan, to: string, now: number): ModelPlan | undefined {
  const isClaimed = (plan.switches ?? []).some(
    (one) => isClaim(one, to) && Date.parse(one.until) - now > claimMs / 2,
  );
  if (isClaimed) return undefined;
  return replaced(plan, [...othersThan(plan, to), { with: to, until: isoAt(now + claimMs) }]);
}

/** That switch waits no more; undefined where none did. Those to other models, and those made, are not touched. */
export function withoutClaim(plan: ModelPlan, to: string): ModelPlan | undefined {
  const others = othersThan(plan, to);
  return others.length === (plan.switches ?? []).length ? undefined : replaced(plan, others);
}

/** Of a plan by which another model serves than `from`. */
export function withSwitchFrom(plan: ModelPlan, from: string, now: number): ModelPlan {
  const made = { with: from, until: isoAt(now + agreedMs), made: true } as const;
  return replaced(plan, [...othersThan(plan, plan.serving), made]);
}

/** Without what is over by time, and without those that wait for a model that was given up. */
export function withoutOver(plan: ModelPlan, now: number): ModelPlan {
  const active = activeModels(plan);
  return replaced(
    plan,
    (plan.switches ?? []).filter(
      (one) => now < Date.parse(one.until) && (one.made === true || active.includes(one.with)),
    ),
  );
}

export const isoAt = (time: number): string => new Date(time).toISOString();

const isClaim = (one: Switch, to: string): boolean => one.with === to && one.made !== true;

const othersThan = ({ switches = [] }: ModelPlan, to: string): Switch[] =>
  switches.filter((one) => !isClaim(one, to));

function replaced({ switches: _, ...plan }: ModelPlan, switches: readonly Switch[]): ModelPlan {
  return { ...plan, ...(switches.length > 0 && { switches: [...switches] }) };
}
