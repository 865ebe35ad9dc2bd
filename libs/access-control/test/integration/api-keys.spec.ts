import { Controller, Logger, Module } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  AccessControlModule,
  CurrentUser,
  openAccessControl,
  type OpenAccessControl,
  RequirePermission,
  Roles,
} from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import { connectRedisTransport, openTransport, RedisTransportModule } from '@gatehouse/redis-transport';
import { firstValueFrom } from 'rxjs';
import { aKey } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { Platform, signedKey } from '../../../../test/support/platform.js';
import { RedisDoor } from '../../../../test/support/redis-door.js';
import { testRedisSettings } from '../../../../test/support/redis.js';

// What is away is warned of: here it is meant to be so.
beforeAll(() => void Logger.overrideLogger(false));

describe('API keys in the services that take them', () => {
  let platform: Platform;
  let door: RedisDoor;
  let one: OpenAccessControl;
  let other: OpenAccessControl;
  const opened: OpenAccessControl[] = [];

  beforeAll(async () => {
    platform = await new Platform().open();
    door = await new RedisDoor().open();
    [one, other] = [await open(), await open()];
  });

  afterEach(() => {
    platform.sign = (about) => signedKey(platform.key, about);
  });

  afterAll(async () => {
    await Promise.all(opened.map((control) => control.close()));
    await door.close();
    await platform.close();
  });

  const open = async (redis = testRedisSettings()) => {
    const control = await openAccessControl({
      ...platform.options(redis),
      staleness: { maxStalenessMs: 3_000 },
    });
    opened.push(control);
    await eventually(
      'all is known',
      () => control.revocations.isFresh && control.roles.version !== undefined,
    );
    return control;
  };
  const verdict = ({ apiKeys }: OpenAccessControl, key: string) =>
    apiKeys.authenticate(key).then(
      ({ principal }) => principal.permissions.join(' '),
      (error: { type?: string }) => error.type,
    );
  const questions = ({ id }: { id: string }) => platform.asked.filter((asked) => asked.id === id).length;

  it('are asked about once in a while, not with each use, and not by their text', async () => {
    const { key, facts } = platform.anApiKey();
    const many = await Promise.all(Array.from({ length: 20 }, () => verdict(one, key)));
    expect(new Set(many)).toEqual(new Set(['providers:read']));
    expect(await verdict(one, key)).toBe('providers:read');
    expect(questions(facts)).toBe(1);
    expect(JSON.stringify(platform.asked)).not.toContain(key.split('_')[2]);
    await expect(one.apiKeys.verify(key)).resolves.toEqual({
      ...{ id: facts.id, type: 'api-key', permissions: ['providers:read'] },
      ...{ clientId: facts.id, ownerId: facts.owner.id },
    });
  });

  it('that there are not are asked about once in a while too', async () => {
    const { key, facts } = platform.anApiKey();
    platform.apiKeys.clear();
    for (let n = 0; n < 3; n++) expect(await verdict(one, key)).toBe('unauthenticated');
    expect(questions(facts)).toBe(1);
  });

  it('that are mistyped are not asked about', async () => {
    const { key } = platform.anApiKey();
    const before = platform.asked.length;
    expect(await verdict(one, key.slice(0, -1))).toBe('unauthenticated');
    expect(await verdict(one, ` ${key}`)).toBe('unauthenticated');
    expect(platform.asked).toHaveLength(before);
  });

  it('are refused in every service by one revocation', async () => {
    const { key, facts } = platform.anApiKey();
    const { key: another } = platform.anApiKey();
    for (const service of [one, other]) expect(await verdict(service, key)).toBe('providers:read');
    await platform.revoke({ kind: 'api-key', id: facts.id });
    for (const service of [one, other]) {
      await eventually('it is refused', async () => (await verdict(service, key)) === 'unauthenticated');
      expect(await verdict(service, another)).toBe('providers:read');
    }
  });

  it('are refused on each use when they were deleted while the answer was on its way', async () => {
    const { key, facts } = platform.anApiKey();
    const { key: first } = platform.anApiKey();
    let release: () => void = () => undefined;
    platform.held = new Promise((resolve) => (release = resolve));
    const underWay = [verdict(one, key), verdict(one, key)];
    await eventually('it is asked', () => questions(facts) === 1);
    await platform.revoke({ kind: 'api-key', id: facts.id });
    const knows = () => {
      try {
        one.revocations.demandApiKeyUnrevoked(facts.id);
        return false;
      } catch {
        return true;
      }
    };
    await eventually('the deletion is known', knows);
    release();
    platform.held = Promise.resolve();
    expect(await Promise.all(underWay)).toEqual(['unauthenticated', 'unauthenticated']);
    for (let n = 0; n < 3; n++) expect(await verdict(one, key)).toBe('unauthenticated');
    expect(await verdict(one, first)).toBe('providers:read');
  });

  it('lose at once what their owner loses by another role, also when the answer was on its way', async () => {
    const { key, facts } = platform.anApiKey({ permissions: ['*'] });
    expect(await verdict(one, key)).toBe('providers:read providers:report');
    const demoted = { ...facts.owner, role: 'viewer', epoch: 1 };
    for (const [digest, known] of platform.apiKeys)
      if (known === facts) platform.apiKeys.set(digest, { ...facts, owner: demoted });
    await platform.revoke({ kind: 'account', id: demoted.id, epoch: 1 });
    await eventually('it may do less', async () => (await verdict(one, key)) === 'providers:read');
    expect(questions(facts)).toBe(2);
  });

  it('are refused when their owner has gone', async () => {
    const { key, facts } = platform.anApiKey();
    expect(await verdict(one, key)).toBe('providers:read');
    for (const [digest, known] of platform.apiKeys) if (known === facts) platform.apiKeys.delete(digest);
    await platform.revoke({ kind: 'account', id: facts.owner.id, epoch: 1 });
    await eventually('it is refused', async () => (await verdict(one, key)) === 'unauthenticated');
  });

  it('lose what the role of their owner loses', async () => {
    await platform.changeRoles({ support: { parent: 'viewer', permissions: ['tickets:*'] } });
    const owner = { id: 'u', role: 'support', epoch: 0 };
    const { key } = platform.anApiKey({ owner, permissions: ['tickets:read', 'providers:*'] });
    await eventually(
      'the role is known',
      async () => (await verdict(one, key)) === 'tickets:read providers:read',
    );
    await platform.changeRoles({ support: { parent: 'viewer', permissions: [] } });
    await eventually('it may do less', async () => (await verdict(one, key)) === 'providers:read');
  });

  it('are not taken from anybody who has not the key of auth-service', async () => {
    const stranger = await aKey('stranger');
    const spoiled: Platform['sign'][] = [
      (about) => signedKey({ ...stranger, kid: platform.key.kid }, about),
      (about) => signedKey(stranger, about),
      (about) => signedKey(platform.key, about, { issuer: 'https://elsewhere.test' }),
      (about) => signedKey(platform.key, about, { typ: 'at+jwt' }),
      (about) => signedKey(platform.key, about, { iat: Math.floor(Date.now() / 1000) - 120 }),
      (about) => signedKey(platform.key, { ...about, digest: 'a'.repeat(43) }),
      (about) => signedKey(platform.key, { ...about, key: { ...about.key, id: 'another' } }),
      () => Promise.resolve('nothing'),
    ];
    for (const sign of spoiled) {
      platform.sign = sign;
      expect(await verdict(one, platform.anApiKey().key)).toBe('dependency-unavailable');
    }
  });

  it('are asked about anew while the revocations are not known', async () => {
    const through = await open(door.settings);
    const { key } = platform.anApiKey();
    expect(await verdict(through, key)).toBe('providers:read');
    await door.close();
    expect(await verdict(through, key)).toBe('providers:read');
    await eventually('it is stale', () => !through.revocations.isFresh);
    expect(await verdict(through, key)).not.toBe('providers:read');
    await door.open();
    await eventually('it is back', async () => (await verdict(through, key)) === 'providers:read');
  });

  it('come with messages too, and pass permissions only', async () => {
    @Controller()
    class ThingsController {
      @MessagePattern('things.read')
      @RequirePermission('providers:read')
      read(@CurrentUser() user: Principal) {
        return { id: user.id };
      }

      @MessagePattern('things.write')
      @RequirePermission('providers:write')
      write() {
        return {};
      }

      @MessagePattern('things.guest')
      @Roles('guest')
      guest() {
        return {};
      }
    }
    const transport = { redis: testRedisSettings(), namespace: platform.namespace };
    @Module({
      imports: [
        AccessControlModule.forRoot(platform.options()),
        RedisTransportModule.forRootAsync({ useFactory: () => ({ service: 'things', ...transport }) }),
      ],
      controllers: [ThingsController],
    })
    class ThingsModule {}
    const app = await NestFactory.create(ThingsModule, new FastifyAdapter(), {
      logger: false,
      abortOnError: false,
    });
    connectRedisTransport(app, { service: 'things' });
    await app.startAllMicroservices();
    const caller = await openTransport({ service: 'caller', ...transport });
    const { key, facts } = platform.anApiKey();
    const ask = (pattern: string, headers: Record<string, string>, token: string | null = null) =>
      firstValueFrom(
        caller.clients.of('things').send(pattern as never, {} as never, { headers, token }),
      ).then(
        (answer: unknown) => answer,
        (error: { type?: string }) => error.type,
      );
    try {
      await eventually('it is let in', async () => {
        const answer = await ask('things.read', { 'x-api-key': key });
        return (answer as { id?: string } | undefined)?.id === facts.id;
      });
      expect(await ask('things.write', { 'x-api-key': key })).toBe('insufficient-permission');
      expect(await ask('things.guest', { 'x-api-key': key })).toBe('insufficient-role');
      expect(await ask('things.read', { 'x-api-key': `${key}x` })).toBe('unauthenticated');
      expect(await ask('things.read', { 'x-api-key': key }, 'a.b.c')).toBe('ambiguous-credentials');
    } finally {
      await caller.close();
      await app.close();
    }
  });
});
