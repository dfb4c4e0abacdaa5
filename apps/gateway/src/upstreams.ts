import type { ServiceName } from '@millrace/contracts';

export type Addresses = Readonly<Record<ServiceName, readonly string[]>>;

/** How long a replica that could not be reached is left alone. */
const restMs = 1_000;

/** Whose turn it is among the replicas of each service. */
export class Upstreams {
  private readonly turns = new Map<ServiceName, number>();
  private readonly restsUntil = new Map<string, number>();

  constructor(
    private readonly addresses: Addresses,
    private readonly now: () => number = Date.now,
  ) {}

  /** All replicas, the one whose turn it is first; those that failed a moment ago last. */
  inTurn(service: ServiceName): string[] {
    const replicas = this.addresses[service];
    const turn = this.turns.get(service) ?? 0;
    this.turns.set(service, (turn + 1) % replicas.length);
    const rotated = [...replicas.slice(turn), ...replicas.slice(0, turn)];
    const rested = (url: string) => (this.restsUntil.get(url) ?? 0) <= this.now();
    return [...rotated.filter(rested), ...rotated.filter((url) => !rested(url))];
  }

  failed(url: string): void {
    this.restsUntil.set(url, this.now() + restMs);
  }
}
