import { eventually } from '../support/eventually.js';
import type { AuthFleet } from './auth-fleet.js';
import type { AuthReplica, Tokens } from './auth-replica.js';
import { Child } from './child.js';
import { type TestRedisSettings, testRedisSettings } from '../support/redis.js';

export type Path = 'read' | 'change' | 'special' | 'ping';

interface Verdict {
  readonly status: number;
  /** Of the revocations that it was decided on; null when they were never loaded. */
  readonly ageMs: number | null;
}

export interface Staleness {
  readonly maxStalenessMs?: number;
  readonly maxOutageMs?: number;
  readonly whenStale?: 'by-requirement' | 'refuse' | 'allow';
}

/** A service in a process of its own, guarded by access control; auth-service is a real one. */
export class Verifier {
  private constructor(readonly child: Child) {}

  static async start(
    auth: AuthReplica,
    redis: TestRedisSettings,
    staleness: Staleness = {},
  ): Promise<Verifier> {
    const jwksUrl = `${auth.url}/.well-known/jwks.json`;
    const access = { issuer: 'https://platform.test', audience: 'gatehouse', jwksUrl, redis, staleness };
    return new Verifier(await Child.start('verifier', { access }).ready());
  }

  get(path: Path, { accessToken: token }: Pick<Tokens, 'accessToken'>): Promise<Verdict> {
    return this.child.call<Verdict>('get', { path, token });
  }

  async status(path: Path, tokens: Pick<Tokens, 'accessToken'>): Promise<number> {
    return (await this.get(path, tokens)).status;
  }

  state(): Promise<{ revocations: number; rolesVersion: number | null }> {
    return this.child.call('state');
  }
}

/** Verifiers of one fleet, each at its Redis or behind its door to it. */
export class Verifiers {
  readonly all: Verifier[] = [];

  constructor(
    private readonly fleet: AuthFleet,
    private readonly auth: AuthReplica,
  ) {}

  async start(
    staleness?: Staleness,
    { behindDoor = false, auth = this.auth }: { behindDoor?: boolean; auth?: AuthReplica } = {},
  ): Promise<Verifier> {
    const redis = testRedisSettings(behindDoor ? this.fleet.doors.redis.url : this.fleet.redis.url);
    const verifier = await Verifier.start(auth, redis, staleness);
    this.all.push(verifier);
    return verifier;
  }

  /** Waits until each of them lets the token in. */
  async accept(tokens: Tokens, among: readonly Verifier[] = this.all): Promise<void> {
    for (const verifier of among)
      await eventually('it is let in', async () => (await verifier.status('change', tokens)) === 200);
  }

  /** Waits until each refuses it for good; @returns every status until then. */
  async refuse(tokens: Tokens, among: readonly Verifier[] = this.all): Promise<number[]> {
    const seen: number[] = [];
    for (const verifier of among)
      await eventually('it is refused', async () => {
        seen.push(await verifier.status('change', tokens));
        return seen.at(-1) === 401;
      });
    return seen;
  }

  async kill(): Promise<void> {
    await Promise.all(this.all.map(({ child }) => child.kill()));
  }
}
