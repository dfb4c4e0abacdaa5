import type { Principal, RouteSpec } from '@millrace/contracts';

export interface Refusal {
  readonly route: RouteSpec;
  readonly principal: Principal;
}

/** Tells those who listen that somebody whose key is known was refused for want of a right. */
export class Refusals {
  private readonly listeners: ((refusal: Refusal) => void)[] = [];

  listen(listener: (refusal: Refusal) => void): void {
    this.listeners.push(listener);
  }

  tell(refusal: Refusal): void {
    for (const listener of this.listeners) listener(refusal);
  }
}
