import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccessControlModule, AccessTokenVerifier } from '@gatehouse/access-control';
import type { AuthBroadcasts } from '@gatehouse/auth-contracts';
import { redisSettings, redisVariables } from '@gatehouse/environment';
import { Broadcaster, RedisTransportModule } from '@gatehouse/redis-transport';
import { z } from 'zod';
import { aKey, aToken, AUDIENCE, ISSUER, jwksOf } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { freshNamespace, removeNamespace, testRedisUrl } from '../../../../test/support/redis.js';

describe('a service on the transport', () => {
  const namespace = freshNamespace('keys');
  const opened: INestApplicationContext[] = [];
  let published: object;
  const issuer = createServer((_request, response) => response.end(JSON.stringify(published)));

  afterAll(async () => {
    for (const app of opened) await app.close();
    await removeNamespace(namespace);
    issuer.close();
  });

  /** Two processes: one that verifies, as any service of a platform does, and auth-service, which tells. */
  const open = async (service: string) => {
    const redis = redisSettings(z.object(redisVariables).parse({ REDIS_URL: testRedisUrl() }));
    const jwksUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`;
    @Module({
      imports: [
        AccessControlModule.forRoot({ issuer: ISSUER, audience: AUDIENCE, jwksUrl }),
        RedisTransportModule.forRootAsync({ useFactory: () => ({ service, redis, namespace }) }),
      ],
    })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
    opened.push(app);
    return app;
  };

  it('refuses the tokens of a withdrawn key as soon as it is told, with nobody asking for it', async () => {
    await once(issuer.listen(0, '127.0.0.1'), 'listening');
    const [withdrawn, other] = await Promise.all([aKey('k1'), aKey('k2')]);
    published = jwksOf(withdrawn, other);
    const [service, auth] = await Promise.all([open('projects'), open('auth')]);
    const verifier = service.get(AccessTokenVerifier);
    const [token, good] = [await aToken(withdrawn), await aToken(other)];
    const verdict = (of: string) =>
      verifier.verify(of).then(
        () => 200,
        (error: { status?: number }) => error.status,
      );
    await eventually('the keys are there', async () => (await verdict(token)) === 200);

    published = jwksOf(other);
    // Without being told it goes on for five minutes: a token that it knows makes it ask nobody.
    expect(await verdict(token)).toBe(200);
    const broadcaster = auth.get<Broadcaster<AuthBroadcasts>>(Broadcaster);
    await eventually('it is refused', async () => {
      await broadcaster.publish('auth.keys-changed', {});
      return (await verdict(token)) === 401;
    });
    expect(await verdict(token)).toBe(401);
    expect(await verdict(good)).toBe(200);
  });
});
