import { Injectable } from '@nestjs/common';

/** Whether the process is on its way out: who holds a request open for something to happen answers with what there is. */
@Injectable()
export class Draining {
  private begun = false;

  get underWay(): boolean {
    return this.begun;
  }

  begin(): void {
    this.begun = true;
  }
}
