const windowMs = 3_600_000;
const mostInWindow = 20;

interface Window {
  from: number;
  readonly told: Set<string>;
  untold: number;
}

/**
 * Decides which refusals are written down, so that nobody can flood the trail: of a tenant each way once an hour, by whom and
 * what, and no more than twenty.
 */
export class RefusalWindow {
  private readonly tenants = new Map<string, Window>();

  /** How many of the tenant were not written since the last one that was; undefined when this one is not to be either. */
  tell(tenant: string, way: string, now: number): number | undefined {
    const window = this.windowOf(tenant, now);
    if (window.told.has(way) || window.told.size >= mostInWindow) return void window.untold++;
    window.told.add(way);
    const { untold } = window;
    window.untold = 0;
    return untold;
  }

  private windowOf(tenant: string, now: number): Window {
    const known = this.tenants.get(tenant);
    if (known && now - known.from < windowMs) return known;
    const window = { from: now, told: new Set<string>(), untold: known?.untold ?? 0 };
    this.tenants.set(tenant, window);
    return window;
  }
}
