import { Injectable } from '@nestjs/common';

/**
 * What a service tells of itself in `/health/ready` beside its dependencies: for people and their alerts, never a reason not
 * to send requests here.
 */
@Injectable()
export class HealthDetails {
  private readonly details = new Map<string, () => Promise<object>>();

  /** @param read is asked at each probe; while it throws, the probe says why */
  add(name: string, read: () => Promise<object>): void {
    this.details.set(name, read);
  }

  /** By name. */
  list(): [name: string, read: () => Promise<object>][] {
    return [...this.details];
  }
}
