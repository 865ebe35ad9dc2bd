import { PERMIT_LEASE_MS } from '@gatehouse/provider-health-rules';

const PREFIX = 'local:';

/**
 * Permits to try a half-open provider that this process gives itself while nobody else can: for each provider so many at a
 * time, and each for no longer than the fleet's would hold.
 */
export class LocalPermits {
  private readonly out = new Map<string, Map<string, number>>();
  private given = 0;

  /** Whether it is one of these, which the fleet does not know. */
  static isLocal(permit: string | undefined): boolean {
    return permit?.startsWith(PREFIX) ?? false;
  }

  /** @returns the permit and until when it holds, or from when on there may be one */
  acquire(
    name: string,
    most: number,
    now: number,
  ): { permit: string; expiresAt: number } | { retryAt: number } {
    const out = this.out.get(name) ?? new Map<string, number>();
    for (const [permit, expiresAt] of out) if (expiresAt <= now) out.delete(permit);
    if (out.size >= most) return { retryAt: Math.min(...out.values()) };
    const permit = `${PREFIX}${++this.given}`;
    const expiresAt = now + PERMIT_LEASE_MS;
    this.out.set(name, out.set(permit, expiresAt));
    return { permit, expiresAt };
  }

  release(name: string, permit: string): void {
    const out = this.out.get(name);
    out?.delete(permit);
    if (out?.size === 0) this.out.delete(name);
  }
}
