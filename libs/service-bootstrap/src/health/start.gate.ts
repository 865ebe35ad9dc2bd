import { Injectable } from '@nestjs/common';

/**
 * What a service has to do once before it can do its work, such as making its keys: it is not ready until all of that is
 * done, and says what it waits for.
 */
@Injectable()
export class StartGate {
  private readonly pending = new Set<string>();

  /** @param work that ends when it is done; while it has failed, the service stays unready */
  hold(name: string, work: Promise<unknown>): void {
    this.pending.add(name);
    // Whoever does the work says why it failed.
    work.then(
      () => this.pending.delete(name),
      () => {},
    );
  }

  /** What is not done yet. */
  get waitingFor(): string[] {
    return [...this.pending];
  }
}
