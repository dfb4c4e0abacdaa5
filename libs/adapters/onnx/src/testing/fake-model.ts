import { Place, type Residable, type Resident } from '../residency/place.ts';

/** For specs: something in memory that knows whether it has work. */
class FakeResident implements Resident {
  private work = 0;

  constructor(private readonly onClose: (work: number) => Promise<void>) {}

  async during(work: Promise<void>): Promise<void> {
    this.work++;
    await work;
    this.work--;
  }

  close(): Promise<void> {
    return this.onClose(this.work);
  }
}

/** For specs: something that can be loaded; when it is slow, loading and closing end when the test says so. */
export class FakeModel implements Residable<FakeResident> {
  readonly place = new Place<FakeResident>(this);
  /** Bytes that are taken, from the begin of loading to the end of closing. */
  held = 0;
  /** Times that it was closed while it had work. */
  closedAtWork = 0;
  private loading: PromiseWithResolvers<FakeResident> | undefined;
  private closing: PromiseWithResolvers<void> | undefined;

  constructor(
    public bytes: number,
    private readonly is: { readonly slow?: boolean } = {},
  ) {}

  load(): Promise<FakeResident> {
    if (this.held > 0) throw new Error('it is loaded already');
    this.held = this.bytes;
    this.loading = Promise.withResolvers();
    const { promise } = this.loading;
    if (!this.is.slow) this.finishLoading();
    return promise;
  }

  finishLoading(): void {
    this.loading?.resolve(new FakeResident((work) => this.close(work)));
    this.loading = undefined;
  }

  failLoading(error: Error): void {
    if (!this.loading) return;
    this.held = 0;
    this.loading.reject(error);
    this.loading = undefined;
  }

  finishClosing(): void {
    if (!this.closing) return;
    this.held = 0;
    this.closing.resolve();
    this.closing = undefined;
  }

  private close(work: number): Promise<void> {
    this.closedAtWork += Number(work > 0);
    this.closing = Promise.withResolvers();
    const { promise } = this.closing;
    if (!this.is.slow) this.finishClosing();
    return promise;
  }
}
