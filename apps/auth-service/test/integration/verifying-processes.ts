import { type OpenAccessControl, openAccessControl } from '@gatehouse/access-control';
import { eventually } from '../../../../test/support/eventually.js';
import { testRedisSettings } from '../../../../test/support/redis.js';
import type { AdminWorld } from './admin-world.js';
import { ISSUER } from './auth-world.js';

/** Verifiers as any service has one: they know the address of the world's auth-service and the Redis between them. */
export class VerifyingProcesses {
  private readonly opened: OpenAccessControl[] = [];
  private jwksUrl = '';

  constructor(private readonly world: AdminWorld) {}

  /** Starts the world, so that it can be heard and asked. */
  async start(): Promise<void> {
    const { world } = this;
    await world.startWithAdmin();
    await world.app.startAllMicroservices();
    await world.app.listen(0, '127.0.0.1');
    this.jwksUrl = `${await world.app.getUrl()}/.well-known/jwks.json`;
  }

  /** One more, when it knows roles and revocations. */
  async open(): Promise<OpenAccessControl> {
    const { namespace } = this.world;
    const control = await openAccessControl({
      ...{
        issuer: ISSUER,
        audience: 'gatehouse',
        jwksUrl: this.jwksUrl,
        redis: testRedisSettings(),
        namespace,
      },
    });
    this.opened.push(control);
    await eventually('the roles are known', () => control.roles.version !== undefined);
    await eventually('the revocations are known', () => control.revocations.isFresh);
    return control;
  }

  /** Ends them and the world. */
  async stop(): Promise<void> {
    await Promise.all(this.opened.map((control) => control.close()));
    await this.world.stop();
  }
}
